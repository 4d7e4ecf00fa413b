import type { VendorRoute } from '../../shared/server';
import { UUID_PATTERN } from '../../shared/random';
import { MoySkladError } from '../errors';
import type { MoySkladSession, MoySkladState } from '../state';

const DEFAULT_LIFE_SECONDS = 60;
const MAX_LIFE_SECONDS = 86_400;
const HEADER = 'X-Lognex-Download-Expiration-Seconds';

/** `/download/<id>`: 302 to the storage host, where the request must come without credentials. */
export function downloadRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	return [
		{
			method: 'GET',
			path: `${base}/download/:id`,
			handler: (exchange) => {
				const { id } = exchange.params;
				if (!UUID_PATTERN.test(id)) throw new MoySkladError(1000, [id]);
				const blob = state.blobs.get(id);
				// Blobs that are no images belong to custom fields of type file.
				const uploaded = blob && (!blob.mediaType.startsWith('image/') || state.images.holds(id));
				if (uploaded !== true && !state.rows.hasImage(id)) {
					throw new MoySkladError(1021, ['image', id]);
				}
				const wanted = exchange.header(HEADER.toLowerCase());
				const seconds = wanted === undefined ? DEFAULT_LIFE_SECONDS : Number(wanted);
				if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_LIFE_SECONDS) {
					throw new MoySkladError(3030, [HEADER, `1…${MAX_LIFE_SECONDS}`]);
				}
				const miniature = exchange.value('miniature') === 'true';
				if (miniature && blob) state.images.makeMiniature(id);
				const expires = Date.now() + seconds * 1000;
				const own = blob && /\.([A-Za-z0-9]+)$/.exec(blob.filename)?.[1];
				const name = `${id}.${miniature ? 'png' : (own ?? (blob ? 'bin' : 'png'))}`;
				const folder = miniature ? 'miniature' : 'file';
				const location = `${state.world.storage}/${folder}/${name}?expires=${expires}`;
				return { status: 302, headers: { location } };
			},
		},
	];
}
