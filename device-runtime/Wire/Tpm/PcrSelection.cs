namespace TrustMesh.Wire.Tpm;

/// <summary>TPMS_PCR_SELECTION (part 2, 10.6.2): one bank and the registers chosen in it, ascending.</summary>
public sealed record PcrSelection(TpmAlg Bank, IReadOnlyList<int> Pcrs);
