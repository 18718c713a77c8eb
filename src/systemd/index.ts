/**
 * Tells systemd how the daemon is (sd_notify(3)): ready, a line of status, alive, ending.
 *
 * Must not know: what makes the daemon ready and what the line says; it is told.
 */

export { type NotifySocket, notifySocket } from './notify-socket.js';
export { Supervision, type SupervisionParts } from './supervision.js';
