import type { VendorRoute } from '../../shared/server';
import { MoySkladError } from '../errors';
import { json } from '../reply';
import type { MoySkladSession, MoySkladState } from '../state';

const LIFE_MS = 300_000;
/** More labels than this are not ready at once. */
const AT_ONCE = 500;
const OWN = '1d0a6f5e-0000-4000-8000-00000000aa01';
const EMBEDDED = '1d0a6f5e-0000-4000-8000-00000000aa02';

interface Meta {
	meta?: { href?: string };
}

/** Labels and price tags: templates, the print, and where it is told that it is ready (MoySklad docs: Labels). */
export function labelRoutes(
	base: string,
	state: MoySkladState,
): Array<VendorRoute<MoySkladSession>> {
	const looks = new Map<string, number>();
	const templates = (type: string, id: string, name: string): VendorRoute<MoySkladSession> => ({
		method: 'GET',
		path: `${base}/entity/assortment/metadata/${type}`,
		handler: () => json({ meta: { size: 1 }, rows: [{ id, name, type: 'mxtemplate' }] }),
	});
	const ready = (id: string) => ({
		status: 303,
		headers: {
			location: `${state.world.storage}/file/${id}.pdf?expires=${Date.now() + LIFE_MS}`,
		},
	});
	const template = (type: string, id: string, name: string): VendorRoute<MoySkladSession> => ({
		method: 'GET',
		path: `${base}/entity/assortment/metadata/${type}/:id`,
		handler: ({ params }) => {
			if (params.id !== id) throw new MoySkladError(1021, [type, params.id]);
			return json({ id, name, type: 'mxtemplate' });
		},
	});
	return [
		template('customtemplate', OWN, 'Ценник 58×40'),
		template('embeddedtemplate', EMBEDDED, 'Термоэтикетка'),
		templates('customtemplate', OWN, 'Ценник 58×40'),
		templates('embeddedtemplate', EMBEDDED, 'Термоэтикетка'),
		{
			method: 'POST',
			path: `${base}/entity/:type/:id/export`,
			handler: (exchange) => {
				const body = JSON.parse(exchange.body) as Record<string, unknown>;
				const template = (body.template as Meta | undefined)?.meta?.href ?? '';
				const price = (body.salePrice as { priceType?: Meta } | undefined)?.priceType?.meta?.href;
				if (![OWN, EMBEDDED].some((id) => template.endsWith(id))) {
					throw new MoySkladError(1021, ['template', template]);
				}
				const count = Number(body.count);
				if (!Number.isInteger(count) || count < 1 || count > 1000) {
					throw new MoySkladError(3030, ['count', '1…1000']);
				}
				for (const [name, href] of [
					['organization', (body.organization as Meta | undefined)?.meta?.href],
					['salePrice', price],
				]) {
					if (href === undefined) throw new MoySkladError(3000, [String(name)]);
				}
				const bytes = Buffer.from(`%PDF-1.4 ${count} labels`);
				const id = state.blobs.put('labels.pdf', bytes, 'application/pdf');
				if (count <= AT_ONCE) return ready(id);
				return {
					status: 202,
					headers: { location: `${state.world.base}/printing/${id}` },
					body: '',
				};
			},
		},
		{
			method: 'GET',
			path: `${base}/printing/:id`,
			handler: (exchange) => {
				const { id } = exchange.params;
				const seen = (looks.get(id) ?? 0) + 1;
				looks.set(id, seen);
				return seen < 2 ? { status: 202, body: '' } : ready(id);
			},
		},
	];
}
