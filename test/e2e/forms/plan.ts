/** The forms of this package's nodes, and those that are opened in the editor. */
import type { INodeType, INodeTypeDescription, IVersionedNodeType } from 'n8n-workflow';

import { altegio } from '../../../nodes/Altegio/vendor';
import { inspectorCloud } from '../../../nodes/InspectorCloud/vendor';
import { moySkladDocuments } from '../../../nodes/MoySklad/documents/vendor';
import { moySklad } from '../../../nodes/MoySklad/vendor';
import type { Vendor } from '../../../nodes/shared/catalogue';
import { yandexMarket } from '../../../nodes/YandexMarket/vendor';
import { Altegio } from '../../../nodes/Altegio/Altegio.node';
import { AltegioPollingTrigger } from '../../../nodes/Altegio/AltegioPollingTrigger.node';
import { AltegioTrigger } from '../../../nodes/Altegio/AltegioTrigger.node';
import { InspectorCloud } from '../../../nodes/InspectorCloud/InspectorCloud.node';
import { InspectorCloudPollingTrigger } from '../../../nodes/InspectorCloud/InspectorCloudPollingTrigger.node';
import { InspectorCloudReportReadyTrigger } from '../../../nodes/InspectorCloud/InspectorCloudReportReadyTrigger.node';
import { YandexMarketPollingTrigger } from '../../../nodes/YandexMarket/YandexMarketPollingTrigger.node';
import { YandexMarketTrigger } from '../../../nodes/YandexMarket/YandexMarketTrigger.node';
import { MoySklad } from '../../../nodes/MoySklad/MoySklad.node';
import { MoySkladDocuments } from '../../../nodes/MoySklad/MoySkladDocuments.node';
import { MoySkladPollingTrigger } from '../../../nodes/MoySklad/MoySkladPollingTrigger.node';
import { MoySkladTrigger } from '../../../nodes/MoySklad/MoySkladTrigger.node';
import { YandexMarket } from '../../../nodes/YandexMarket/YandexMarket.node';
import type { NodeTypeName } from '../../../sandbox/n8n/nodes';
import { controlsOf, coverOf, formsOf } from './shapes';
import type { Task } from './shapes';

const classes: Record<NodeTypeName, new () => INodeType | IVersionedNodeType> = {
	moySklad: MoySklad,
	moySkladDocuments: MoySkladDocuments,
	moySkladTrigger: MoySkladTrigger,
	moySkladPollingTrigger: MoySkladPollingTrigger,
	yandexMarket: YandexMarket,
	altegio: Altegio,
	altegioTrigger: AltegioTrigger,
	altegioPollingTrigger: AltegioPollingTrigger,
	inspectorCloud: InspectorCloud,
	inspectorCloudPollingTrigger: InspectorCloudPollingTrigger,
	inspectorCloudReportReadyTrigger: InspectorCloudReportReadyTrigger,
	yandexMarketTrigger: YandexMarketTrigger,
	yandexMarketPollingTrigger: YandexMarketPollingTrigger,
};

function newestOf(node: INodeType | IVersionedNodeType): INodeTypeDescription {
	return 'nodeVersions' in node
		? node.nodeVersions[node.currentVersion].description
		: node.description;
}

/** The newest version of every node, by type. */
export const descriptions = new Map(
	Object.entries(classes).map(([name, Class]) => [name as NodeTypeName, newestOf(new Class())]),
);

/** The catalogues of nodes that have one form for each of its operations. */
const vendors: Partial<Record<NodeTypeName, Vendor>> = {
	moySklad,
	moySkladDocuments,
	yandexMarket,
	altegio,
	inspectorCloud,
};

/** Every form of every node, with all its controls. */
export const forms: Task[] = [...descriptions].flatMap(([name, description]) =>
	formsOf(name, description, vendors[name]).map((form) => ({ form, controls: controlsOf(form) })),
);

const nodes = [...descriptions.keys()];

/** All that a form like a trigger's has may stand in other nodes' forms, too; it is opened and sent nevertheless. */
const ofEachNode = nodes.map((node) => {
	const own = forms.filter(({ form }) => form.node === node);
	return own.reduce((a, b) => (b.controls.length > a.controls.length ? b : a));
});

/** The forms to open; one node after the other, so that each is added once. */
export const plan = coverOf(forms, ofEachNode).sort(
	(a, b) => nodes.indexOf(a.form.node) - nodes.indexOf(b.form.node),
);
