namespace TrustMesh.Wire.Tpm;

/// <summary>TPM_HANDLE values and ranges (part 2, 7).</summary>
public static class TpmHandle
{
    public const uint Owner = 0x40000001, Null = 0x40000007, Password = 0x40000009, Endorsement = 0x4000000b;

    /// <summary>First handle of each type; the type is the top byte.</summary>
    public const uint NvFirst = 0x01000000, LoadedSessionFirst = 0x02000000, SavedSessionFirst = 0x03000000, TransientFirst = 0x80000000,
        PersistentFirst = 0x81000000;

    /// <summary>Persistent endorsement keys (TCG registry of reserved handles).</summary>
    public const uint PersistentEndorsementFirst = 0x81010000, PersistentEndorsementLast = 0x8101ffff;
}
