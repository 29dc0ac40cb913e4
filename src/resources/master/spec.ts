// The VRF device to which a link belongs (IFLA_MASTER). The device itself is a link; a link has one master at most.

export interface MasterSpec {
  readonly link: string;
  /** the VRF device; '' for none */
  readonly vrf: string;
  /** the VRF's table: a device of that name with another table is a different one; 0 for none */
  readonly table: number;
  /** whether the link was up when it was observed; not compared */
  readonly up: boolean;
}

export const masterKey = ({ link }: MasterSpec): string => link;

export const masterFields = ({ vrf, table }: MasterSpec): Record<'vrf', string> => ({
  vrf: vrf === '' ? 'none' : `${vrf} table ${table}`,
});
