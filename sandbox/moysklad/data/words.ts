/** Vocabulary of the generated goods. Part of it is Cyrillic, because the vendor's data are. */
export const ADJECTIVES = [
	'Black',
	'Green',
	'Classic',
	'Light',
	'Чёрный',
	'Organic',
	'Solid',
	'Зелёный',
	'Soft',
	'Northern',
	'Домашний',
	'Bright',
	'Mini',
] as const;

export const NOUNS = [
	'tea',
	'coffee beans',
	'чай',
	'mug',
	'notebook',
	'шоколад',
	'lamp',
	'backpack',
	'кофе',
	'towel',
	'bottle',
	'chair',
	'blanket',
	'тетрадь',
	'candle',
	'kettle',
	'umbrella',
] as const;

export const SIZES = ['100 g', '250 g', '0.5 l', '1 l', '30×40 cm', '12 pcs', 'XL'] as const;

export const COLOURS = ['red', 'blue', 'white', 'graphite', 'olive'] as const;

export const CLOTH_SIZES = ['S', 'M', 'L'] as const;

export const SERVICES = [
	'Delivery',
	'Gift wrapping',
	'Сборка мебели',
	'Engraving',
	'Warranty extension',
] as const;

export const FOLDERS = [
	'Food',
	'Drinks',
	'Посуда',
	'Stationery',
	'Lighting',
	'Textiles',
	'Bags',
	'Furniture',
	'Hobby',
	'Garden',
] as const;

export const SUBFOLDERS = ['New', 'Basic', 'Premium', 'Распродажа', 'Seasonal'] as const;

export const CITIES = ['Moscow', 'Казань', 'Perm', 'Samara', 'Tver', 'Omsk', 'Самара'] as const;

export const COMPANY_WORDS = [
	'Vector',
	'Горизонт',
	'Lighthouse',
	'Север',
	'Meridian',
	'Orion',
	'Компас',
	'Delta',
] as const;
