// Starts the page's client, which draws what the server streams and sends what people do.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.querySelector('#page');
if (root !== null) createRoot(root).render(<App />);
