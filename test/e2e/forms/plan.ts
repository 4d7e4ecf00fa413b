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

/** What opening a form and sending it costs, in controls; each of these takes about a second. */
const OPENING = 6;

/** What the whole walk may cost. */
const BUDGET = 260;

const costOf = ({ controls }: Task) => OPENING + controls.length;

/** Until the budget is spent, the forms that have most of what no other has; of each node one at least. */
function withinBudget(cover: Task[]): { opened: Task[]; leftOut: Task[] } {
	const largest = [...descriptions.keys()].map(
		(node) =>
			cover.find(({ form }) => form.node === node) ??
			// All that it has stands in other nodes' forms, too; it is opened and sent nevertheless.
			({ ...forms.find(({ form }) => form.node === node), controls: [] } as unknown as Task),
	);
	const opened = [...largest];
	let left = BUDGET - largest.reduce((sum, task) => sum + costOf(task), 0);
	for (const task of cover) {
		if (largest.includes(task) || costOf(task) > left) continue;
		opened.push(task);
		left -= costOf(task);
	}
	return { opened, leftOut: cover.filter((task) => !opened.includes(task)) };
}

const nodes = [...descriptions.keys()];
const { opened, leftOut } = withinBudget(coverOf(forms));

/** The forms to open; one node after the other, so that each is added once. */
export const plan = opened.sort((a, b) => nodes.indexOf(a.form.node) - nodes.indexOf(b.form.node));

/** Forms with shapes that no opened form has, for which the time is too short. */
export { leftOut };
