// The files of a message, each with a preview and a download.
import type { SeenFile } from '../shape.ts';

interface FilesProps {
  readonly files: readonly SeenFile[];
  readonly me: string;
}

export function Files({ files, me }: FilesProps) {
  return files.map(({ id, name, title, bytes, preview }) => (
    <figure key={id} className="file">
      <figcaption>
        <bdi>{title}</bdi>
        <a
          href={`/file?id=${encodeURIComponent(id)}&as=${encodeURIComponent(me)}`}
          download={name}
          aria-label={`Download ${title}`}
        >
          {`Download (${bytes} bytes)`}
        </a>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll only the focused element */}
      <pre tabIndex={0}>{preview.length < bytes ? `${preview}…` : preview}</pre>
    </figure>
  ));
}
