import { loadedVersion, session } from '../store/connection.js';

export function Footer() {
  const version = session.value?.version;
  if (version === undefined) return null;
  return (
    <footer class="bottom">
      <span>SRRD {version}</span>
      <a href="/api/docs">API</a>
      <a href="/information">Help</a>
      {loadedVersion.value !== version && (
        <button type="button" class="link" onClick={() => location.reload()}>
          This page is of SRRD {loadedVersion.value}: load it anew
        </button>
      )}
    </footer>
  );
}
