import { render } from 'preact';
import { startRouter } from './routing/router.js';
import { Shell } from './shell/shell.js';
import { startClock } from './store/clock.js';
import { connect } from './store/connection.js';
import './styles.css';

startRouter();
startClock();
connect();
const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no element "app"');
root.textContent = '';
render(<Shell />, root);
