// To which VRF device a link belongs (IFLA_MASTER). The device itself is a link; a link has one master at most.

export interface MasterSpec {
  readonly link: string;
  /** the VRF device, '' for none */
  readonly vrf: string;
  /** its table: a device of that name with another table is another one; 0 for none */
  readonly table: number;
  /** of the link, as it was found */
  readonly up: boolean;
}

export const masterKey = ({ link }: MasterSpec): string => link;

export const masterFields = ({ vrf, table }: MasterSpec): Record<'vrf', string> => ({
  vrf: vrf === '' ? 'none' : `${vrf} table ${table}`,
});
