/**
 * What people type into n8n's nodes panel leads to the node. The panel (n8n 2.41) looks into display names and codex
 * aliases: the whole query must occur in one of them, in order, gaps allowed, case aside, without stemming.
 */
import { readFileSync } from 'fs';
import { join } from 'path';

import { Altegio } from '../../nodes/Altegio/Altegio.node';
import { AltegioPollingTrigger } from '../../nodes/Altegio/AltegioPollingTrigger.node';
import { AltegioTrigger } from '../../nodes/Altegio/AltegioTrigger.node';
import { InspectorCloud } from '../../nodes/InspectorCloud/InspectorCloud.node';
import { InspectorCloudPollingTrigger } from '../../nodes/InspectorCloud/InspectorCloudPollingTrigger.node';
import { InspectorCloudReportReadyTrigger } from '../../nodes/InspectorCloud/InspectorCloudReportReadyTrigger.node';
import { YandexMarketPollingTrigger } from '../../nodes/YandexMarket/YandexMarketPollingTrigger.node';
import { YandexMarketTrigger } from '../../nodes/YandexMarket/YandexMarketTrigger.node';
import { actions, entityTypes } from '../../nodes/MoySklad/entityTypes';
import { moySkladDocuments } from '../../nodes/MoySklad/documents/vendor';
import { MoySklad } from '../../nodes/MoySklad/MoySklad.node';
import { MoySkladDocuments } from '../../nodes/MoySklad/MoySkladDocuments.node';
import { MoySkladPollingTrigger } from '../../nodes/MoySklad/MoySkladPollingTrigger.node';
import { MoySkladTrigger } from '../../nodes/MoySklad/MoySkladTrigger.node';
import { formOf, labelled } from '../../nodes/shared/form/form';
import { YandexMarket } from '../../nodes/YandexMarket/YandexMarket.node';
import { everyOperation, vendors } from './samples';

const nodes = [
	{ folder: 'Altegio', type: new Altegio() },
	{ folder: 'Altegio', type: new AltegioTrigger() },
	{ folder: 'Altegio', type: new AltegioPollingTrigger() },
	{ folder: 'InspectorCloud', type: new InspectorCloud() },
	{ folder: 'InspectorCloud', type: new InspectorCloudPollingTrigger() },
	{ folder: 'InspectorCloud', type: new InspectorCloudReportReadyTrigger() },
	{ folder: 'YandexMarket', type: new YandexMarketTrigger() },
	{ folder: 'YandexMarket', type: new YandexMarketPollingTrigger() },
	{ folder: 'MoySklad', type: new MoySklad() },
	{ folder: 'MoySklad', type: new MoySkladPollingTrigger() },
	{ folder: 'MoySklad', type: new MoySkladDocuments() },
	{ folder: 'MoySklad', type: new MoySkladTrigger() },
	{ folder: 'YandexMarket', type: new YandexMarket() },
].map(({ folder, type: { description } }) => {
	const { name } = description;
	const file = `${name.charAt(0).toUpperCase()}${name.slice(1)}.node.json`;
	const codex = JSON.parse(
		readFileSync(join(__dirname, '..', '..', 'nodes', folder, file), 'utf8'),
	) as { alias: string[] };
	return { name, displayName: description.displayName, alias: codex.alias };
});

function occursIn(query: string, text: string): boolean {
	let from = 0;
	const inside = text.toLowerCase();
	for (const letter of query.toLowerCase()) {
		from = inside.indexOf(letter, from) + 1;
		if (from === 0) return false;
	}
	return true;
}

/** Words that have no plural, or stand in it already. */
const ONLY_ONE =
	/(^|\W)(settings|analytics|tips|metadata|assortment|indicators|access|history|stock)$/i;

/** English plural of a resource's name; the first noun of "bill of materials" has it. */
function pluralOf(name: string): string {
	if (ONLY_ONE.test(name)) return name;
	const [, head, tail] = /^(\w+)( (?:of|or) .*)$/.exec(name) ?? ['', name, ''];
	if (/ or /.test(tail)) return `${pluralOf(head)} or ${pluralOf(tail.slice(4))}`;
	if (/ folder$/i.test(tail)) return `${name}s`;
	if (/[^aeiou]y$/.test(head)) return `${head.slice(0, -1)}ies${tail}`;
	return `${head}${/(s|x|ch|sh)$/.test(head) ? 'es' : 's'}${tail}`;
}

function found(query: string): string[] {
	return nodes
		.filter(({ displayName, alias }) =>
			[displayName, ...alias].some((text) => occursIn(query, text)),
		)
		.map(({ name }) => name);
}

const MOYSKLAD = ['moySklad', 'moySkladPollingTrigger', 'moySkladTrigger'];

describe("a search in n8n's nodes panel", () => {
	it.each([
		[
			MOYSKLAD,
			`moysklad|moy sklad|my warehouse|мойсклад|мой склад|lognex|order|orders|customer order|customer orders
			purchase order|sales order|product|products|goods|stock|inventory|price|prices|counterparty|counterparties
			customer|customers|contract|contracts|bonus|bonuses|bonus program|loyalty|invoice|shipment|payment|payments
			task|tasks|image|photo|currency|webhook|barcode|заказ|заказы|заказ покупателя|заказы покупателей|контрагент
			контрагенты|клиент|клиенты|покупатель|бонус|бонусы|бонусная программа|товар|товары|остаток|остатки|склад
			цена|цены|договор|договоры|отгрузка|отгрузки|приёмка|приемка|счёт|счет|платёж|платежи|задача|задачи
			группа товаров|валюта|фото товара|штрихкод|учёт|учет|комплект|услуга|вебхук|поставщик|возврат`,
		],
		[
			['moySkladDocuments', ...MOYSKLAD],
			`order|orders|sales order|customer orders|shipment|invoice|payment|purchase order|заказ|заказы|заказ покупателя
			заказы покупателей|отгрузка|отгрузки|счёт|счет|счета|платёж|платежи|приёмка|приемка|возврат|перемещение|списание`,
		],
		[['moySkladDocuments'], 'позиции заказа|документы|payroll|document'],
		[
			['moySkladDocuments'],
			`статус заказа|статусы заказов|сменить статус|change status|оплата заказа|оплата счета|привязать платёж|привязать платеж
			накладная|накладные|печать накладной|печатная форма|печатные формы|счёт на оплату|счет на оплату|закупка|закупки
			recycle bin|trash|корзина|ссылка|public link|share link`,
		],
		[
			['moySklad'],
			`обновить цены|изменить цены|розничная цена|оптовая цена|маржа|наценка|отчёт о прибыльности|отчет о прибыльности
			изображение товара|штрих-код|штрих-коды|создать товар|найти контрагента`,
		],
		[['moySkladPollingTrigger', 'moySkladTrigger'], 'event|событие|новый заказ|изменение остатков'],
		[
			['yandexMarket'],
			`яндекс маркет|яндекс.маркет|маркет|yandex market|marketplace|маркетплейс|магазин|пвз|пункт выдачи
			точка продаж|outlet|seller`,
		],
		[
			['altegio'],
			`altegio|yclients|y clients|юклиентс|запись клиента|записи клиентов|запись|визит|визиты|visit|visits
			appointment|booking|салон|салон красоты|журнал записи|клиент`,
		],
		[
			['inspectorCloud'],
			`inspector cloud|eyrene|визит|визит в магазин|visit|store visit|распознавание фото|полка|мерчандайзинг
			planogram|photo recognition|отчёт|отчет|выкладка|агент`,
		],
		[
			['yandexMarket'],
			`заказ|заказы|order|orders|товар|товары|product|products|остаток|остатки|stock|stocks|цена|цены|price|prices
			возврат|возвраты|return|returns|отзыв|отзывы|review|reviews|вопрос|вопросы|question|questions|чат|чаты|chat|chats
			отчёт|отчеты|report|reports|этикетка|этикетки|label|labels|ставка|ставки|bid|bids|акция|акции|promotion|promotions
			склад|склады|warehouse|warehouses|поставка|поставки|отгрузка|отгрузки|категория|категории|category|categories
			тариф|тарифы`,
		],
		[
			['yandexMarketTrigger'],
			`заказ|заказы|order|orders|возврат|возвраты|return|returns|отзыв|отзывы|review|reviews|вопрос|вопросы|question
			чат|чаты|chat|chats|уведомление|уведомления|notification|notifications|новый заказ|webhook|вебхук|яндекс маркет`,
		],
		[
			['yandexMarketPollingTrigger'],
			'заказ|заказы|order|orders|возврат|возвраты|return|returns|новый заказ|яндекс маркет',
		],
		[
			['altegio'],
			`клиент|клиенты|client|clients|customer|customers|запись|записи|appointment|appointments|визит|визиты|visit|visits
			услуга|услуги|service|services|сотрудник|сотрудники|мастер|мастера|team member|staff|расписание|schedule|schedules
			абонемент|абонементы|membership|memberships|товар|товары|product|products|склад|сертификат|сертификаты|gift card
			gift cards|филиал|филиалы|location|locations|платёж|платеж|платежи|payment|payments|касса|кассы|лояльность|loyalty
			онлайн запись|отчёт|отчеты|аналитика|выручка|revenue|напоминание|reminder|остатки|stock|оплата|смс|бонусы|скидка`,
		],
		[
			['altegioTrigger'],
			`клиент|клиенты|client|clients|запись|записи|appointment|appointments|визит|визиты|отмена записи|новая запись
			yclients|юклиентс|оплата|payment|payments|webhook|вебхук|товар|товары`,
		],
		[
			['altegioPollingTrigger'],
			`клиент|клиенты|client|clients|запись|записи|appointment|appointments|визит|визиты|visit|visits|отмена записи
			новая запись|новый клиент|перенос записи|new appointment|new client|no show|неявка|товар|товары|product
			yclients|y clients|юклиентс|altegio|опрос|polling|салон|салон красоты`,
		],
		[
			['altegio'],
			`комментарии клиентов|файлы клиентов|сети|должности|категории услуг|графики работы|онлайн-записи|онлайн записи
			формы записи|ресурсы|продажи|финансовые операции|чеки|категории товаров|склады|складские документы
			складские операции|техкарты|карты лояльности|программы лояльности|типы абонементов|типы сертификатов
			личные счета|категории клиентов|дополнительные поля|рассылки|групповые события|повторения событий
			постоянные записи|зарплаты|пользователи|лицензии|справочники|изображения|медкарты|звонки`,
		],
		[
			['inspectorCloud'],
			`распознавания|причины отсутствия|ошибки распознавания|записи планограмм|товары каталога|реестры визитов|токены
			производители|торговые точки|задачи`,
		],
		[
			['moySkladDocuments'],
			`приходные ордера|входящие платежи|внутренние заказы|инвентаризации|счета-фактуры|техоперации
			заказы кодов маркировки|расходные ордера|исходящие платежи|предоплаты|прайс-листы|заказы на производство
			производственные задания|производственные этапы|заказы поставщикам|возвраты поставщикам|приемки|приёмки
			розничные возвраты|розничные продажи|розничные смены|счета покупателям|заказы покупателей|возвраты покупателей
			отгрузки|оприходования|счета поставщиков|перемещения|списания|коды маркировки|шаблоны печатных форм|файлы документов
			moy sklad|мой склад`,
		],
		[
			['inspectorCloud'],
			`визит|визиты|visit|visits|фото|фотография|фотографии|photo|photos|магазин|магазины|store|stores|отчёт|отчеты
			report|reports|распознавание|recognition|планограмма|планограммы|planogram|planograms|бренд|бренды|brand|brands
			категория|категории|category|categories|sku|товар|товары|product|products|сцена|сцены|scene|scenes|ценник|ценники
			price tag|price tags|полка|полки|shelf|мерчандайзер|мерчандайзеры`,
		],
		[['inspectorCloudPollingTrigger'], 'визит|визиты|visit|visits|фото|photo|новый визит|eyrene'],
		[
			['inspectorCloudReportReadyTrigger'],
			'визит|визиты|visit|visits|отчёт|отчеты|report|reports|eyrene|webhook|вебхук',
		],
	])('finds %j', (names, queries) => {
		for (const query of queries.split(/[|\n]/).map((text) => text.trim())) {
			expect({ query, found: found(query) }).toEqual({
				query,
				found: expect.arrayContaining(names),
			});
		}
	});

	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'%s: finds every resource in either language',
		(_, vendor) => {
			const own = vendor === moySkladDocuments ? 'MoySklad Documents' : undefined;
			const [node] = nodes.filter(({ displayName }) =>
				own === undefined ? displayName.startsWith(vendor.name) : displayName === own,
			);
			for (const { name, local } of vendor.resources) {
				expect([name, found(name)]).toEqual([name, expect.arrayContaining([node.name])]);
				if (local && !local.includes(' и ')) {
					expect([local, found(local)]).toEqual([local, expect.arrayContaining([node.name])]);
				}
			}
		},
	);

	it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
		'%s: finds every resource in the plural',
		(_, vendor) => {
			const own = vendor === moySkladDocuments ? 'MoySklad Documents' : undefined;
			const [node] = nodes.filter(({ displayName }) =>
				own === undefined ? displayName.startsWith(vendor.name) : displayName === own,
			);
			for (const { name } of vendor.resources) {
				const query = pluralOf(name.replace(/ \(.*/, ''));
				expect([query, found(query)]).toEqual([query, expect.arrayContaining([node.name])]);
			}
		},
	);

	it.each(entityTypes.map(({ name, local }) => [name, local] as const))(
		'finds all three nodes of MoySklad by %s (%s)',
		(name, local) => {
			for (const query of [name.replace(/ \(.*/, ''), local ?? '']) {
				expect([query, found(query)]).toEqual([query, expect.arrayContaining(MOYSKLAD)]);
			}
		},
	);

	it('does not find nodes by words of another trade', () => {
		for (const query of ['slack', 'postgres', 'погода'])
			expect([query, found(query)]).toEqual([query, []]);
	});

	it.each(nodes.map(({ name, alias }) => [name, alias] as const))(
		'%s: no alias twice, е beside ё, words in their order',
		(_, alias) => {
			const texts = alias.map((text) => text.toLowerCase());
			expect(texts).toEqual([...new Set(texts)]);
			for (const text of texts) expect(texts).toContain(text.replace(/ё/g, 'е'));
			for (const text of texts) expect(text).toBe(text.trim());
		},
	);
});

describe('texts that stand alone', () => {
	it('every action of a node has words of its own', () => {
		for (const { name } of vendors) {
			const texts = everyOperation
				.filter(([, vendor]) => vendor.name === name)
				.map(([, , { action }]) => action);
			expect(texts).toEqual([...new Set(texts)]);
			for (const text of texts) expect(text.split(' ').length).toBeGreaterThan(1);
		}
	});

	it("the trigger's events say of what", () => {
		for (const { action } of actions)
			expect(action).toMatch(/^On order, product or other object \w+$/);
	});

	it("MoySklad's entry in the panel, which has the trigger's text, names both halves", () => {
		const { description } = new MoySkladTrigger().description;
		expect(description).toMatch(/Starts the workflow.*actions read and change/);
	});
});

describe('parameters that a model may fill', () => {
	it.each(vendors.map((vendor) => [vendor.name, formOf(vendor)] as const))(
		'of %s say what they take',
		(_, form) => {
			const silent = ['hidden', 'notice', 'collection', 'fixedCollection', 'resourceMapper'];
			for (const { name, type, description = '', noDataExpression } of form) {
				if (silent.includes(type) || noDataExpression) continue;
				expect([name, description.split(' ').length >= 3]).toEqual([name, true]);
			}
		},
	);
});

describe('names in two languages', () => {
	it('have the term of the web app in brackets', () => {
		expect(
			labelled([
				{ name: 'Contract', value: 'contract', local: 'Договор' },
				{ name: 'Store (Warehouse)', value: 'store', local: 'Склад', action: 'x' },
				{ name: 'Other', value: 'other' },
			]),
		).toEqual([
			{ name: 'Contract (Договор)', value: 'contract' },
			{ name: 'Store (Warehouse, Склад)', value: 'store', action: 'x' },
			{ name: 'Other', value: 'other' },
		]);
	});

	it.each(vendors.map((vendor) => [vendor.name, vendor.resources] as const))(
		'%s: every resource has one',
		(_, resources) => {
			for (const { local } of resources) expect(local).toMatch(/^[А-ЯЁ]/);
		},
	);
});
