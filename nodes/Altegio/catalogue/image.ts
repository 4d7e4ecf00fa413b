/**
 * Pictures of services and team members. Altegio docs: Image upload, a form (`multipart/form-data`) with the picture as
 * a file. Of what it belongs to, the docs' text says `team_member`, their example `master`; the field of its ID is
 * `master_id`, and YCLIENTS, whose API it is, has `master` alone.
 */
import type { Call, Field, Operation, Output, Work } from '../../shared/catalogue';
import { InputProblem } from '../../shared/errors/problems';
import { fileKind } from '../../shared/files/files';
import { checkEach } from '../../shared/run/checks';
import { requestOf } from '../../shared/run/request';
import { valueAt } from '../../shared/road/paging';
import { family } from '../dialect';
import { COMMON } from './fields';

const image = family({ value: 'image', one: 'image', many: 'images' });

/** Types that Altegio takes. */
const TYPES = ['image/jpeg', 'image/png'];
const FILE = 'Input Binary Field';

/** Whose picture it is. */
const entity: Field = {
	name: 'entity',
	label: 'Picture Of',
	kind: 'choice',
	to: 'path:entity',
	required: true,
	default: 'service',
	choices: [
		{ name: 'Service', value: 'service' },
		{ name: 'Team Member', value: 'master' },
	],
	help: 'What the picture belongs to',
};

const place = { ...COMMON.company_id, to: 'body:company_id', required: true } as Field;

const owner = (name: 'service_id' | 'master_id', of: string) =>
	({
		...COMMON[name],
		to: `body:${name}`,
		required: true,
		when: { entity: [of] },
	}) as Field;

const picture: Field = {
	name: 'binaryPropertyName',
	label: FILE,
	kind: 'text',
	to: 'control',
	required: true,
	default: 'data',
	help: 'Name of the binary field that holds the picture, a JPEG or a PNG',
};

/** The item's picture, whose type its content tells. Throws `InputProblem`. */
async function pictureOf(call: Call, work: Work) {
	const name = String(call.control.binaryPropertyName);
	const { bytes, fileName, mimeType: said } = await work.readBinary(call, name);
	const { extension = '', mimeType = said } = fileKind(bytes) ?? {};
	if (TYPES.includes(mimeType))
		return { bytes, mimeType, fileName: fileName ?? `image.${extension}` };
	throw new InputProblem(
		FILE,
		`is '${name}', which holds a file of type ${mimeType || 'unknown'}`,
		'Altegio takes JPEG and PNG. Convert the picture before, or name the field that holds it.',
	);
}

async function upload(call: Call, work: Work): Promise<Output[]> {
	const { bytes, fileName, mimeType } = await pictureOf(call, work);
	const { body: fields, ...request } = requestOf(work.vendor, call);
	// The location is told of services alone (docs); the form needs it for the list that the member is picked from.
	const told = Object.entries(fields ?? {}).filter(
		([name]) => name !== 'company_id' || call.path.entity === 'service',
	);
	const { body } = await work.send({
		...request,
		file: {
			field: 'image',
			bytes,
			fileName,
			mimeType,
			fields: told.map(([name, value]) => [name, String(value)]),
		},
	});
	return [{ json: valueAt(body, 'data') as Output['json'] }];
}

export const images: Operation[] = [
	image('image.upload', 'upload', 'Upload', 'Add a picture to a service or team member', {
		own: [entity, place, owner('service_id', 'service'), owner('master_id', 'master'), picture],
		without: ['image'],
		answer: { kind: 'object', at: 'data' },
		columns: [
			'image_binded',
			'imageGroupId=image_group.id:number',
			'path=image_group.images.basic.path',
		],
		// All are looked at before one is sent.
		prepare: async (calls, work) =>
			await checkEach(calls, async (call) => await pictureOf(call, work), 1),
		perform: upload,
	}),
	image('image.delete', 'delete', 'Delete', 'Delete a picture', {
		own: [entity],
		tune: { image_group_id: { help: 'It stands in image_group of a service or team member' } },
	}),
];
