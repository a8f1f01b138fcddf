// The page's client: what the server streams, drawn; what people do, sent back.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.querySelector('#page');
if (root !== null) createRoot(root).render(<App />);
