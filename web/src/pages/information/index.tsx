import { session } from '../../store/connection.js';
import type { Page } from '../page.js';
import { ManualText } from './manual.js';

export const informationPage: Page = {
  pattern: '/information',
  title: () => 'Information',
  component: InformationPage,
  entry: 'Information',
};

function InformationPage() {
  return (
    <>
      <h1>Information</h1>
      <div class="two-columns">
        <section class="panel" aria-labelledby="help-title">
          <h2 id="help-title">Help</h2>
          <dl class="help">
            <dt>What is wrong, and what do I do?</dt>
            <dd>
              The <a href="/">overview</a> says it in words.{' '}
              <a href="/information/operations#three-in-the-morning">Three in the morning</a> has every message with its
              remedy.
            </dd>
            <dt>How do I move a service?</dt>
            <dd>
              In the <a href="/status">service status</a>, under Commands in the column of the node where it should run.
              What is not possible says why.
            </dd>
            <dt>How do I empty a node for maintenance?</dt>
            <dd>
              Put it on standby on its <a href="/node">node page</a>, and end that afterwards.
            </dd>
            <dt>Why can I not edit a service?</dt>
            <dd>
              It is active here. Deactivate it, edit it in the <a href="/configuration">configuration</a>, activate it
              again: the other nodes run it meanwhile.
            </dd>
            <dt>Why are the buttons grey?</dt>
            <dd>
              You are {session.value?.role ?? 'not known yet'}. Commands to services need operator; configuration,
              routers and shutdown need admin; without TLS nobody may change anything.
            </dd>
          </dl>
        </section>
        <section class="panel" aria-labelledby="about-title">
          <h2 id="about-title">About SRRD</h2>
          <p>
            The Service Routing Redundancy Daemon keeps a service alive when its machine dies, even when the machines
            share no subnet: OSPF carries the states of the services, and the route to the one who runs them.
          </p>
          <dl class="facts-list">
            <dt>Version</dt>
            <dd>{session.value?.version}</dd>
            <dt>Author</dt>
            <dd>The SRRD maintainers. The idea and the first SRRD come from a diploma thesis of 2002 at ETH Zürich.</dd>
            <dt>Licence</dt>
            <dd>
              Apache License 2.0, <a href="/manual/LICENSE.txt">its text</a>
            </dd>
            <dt>API</dt>
            <dd>
              <a href="/api/docs">Reference</a>, <a href="/api/v1/openapi.json">OpenAPI</a>
            </dd>
          </dl>
        </section>
      </div>
      <section class="panel">
        <ManualText page="index" />
      </section>
    </>
  );
}
