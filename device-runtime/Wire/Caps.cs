namespace TrustMesh.Wire;

/// <summary>Every size limit of PROTOCOL.md section 1, in bytes unless the name says otherwise (attack A42).</summary>
public static class Caps
{
    public const int EnrolRequest = 64 * 1024;
    public const int Evidence = 2 * 1024 * 1024;
    public const int Body = 16 * 1024;
    public const int Receipt = 128 * 1024;
    public const int Bundle = 12 * 1024 * 1024;
    public const int Statement = 1024 * 1024;
    public const int Membership = 4 * 1024;
    public const int Result = 96 * 1024;
    public const int Certificate = 8 * 1024;
    public const int CertificateCount = 8;
    public const int Attest = 1024;
    public const int TpmSignature = 1024;
    public const int PublicArea = 1024;
    public const int Claims = 4 * 1024;
    public const int ProtectedHeader = 1024;
    public const int LogEntryCount = 16_384;
    public const int LogEntry = 384;
    public const int ClaimCount = 64;
    public const int Nesting = 16;
    public const int Text = 255;
    public const int MerklePath = 20;
    public const int MerkleLeafCount = 1 << MerklePath;
    public const int PcrCount = 24;
    public const int PatternCount = 256;
    public const int FirmwareCount = 1024;
    public const int FindingCount = 64;
    public const int PeerHello = 128 * 1024;
    public const int PeerMessage = 4 * 1024 * 1024;
    public const int PeerVerdict = 24 * 1024;
    public const int PeerFindingCount = 16;
    public const int ModelCount = 32;
    public const int ReferenceCount = 8;
    public const int AssignedPeerCount = 64;
    public const int AddressCount = 4;
    public const int StatusListInflated = 4 * 1024 * 1024;
    public const int WatchAnswer = 8 * 1024 * 1024;
    public const int VerdictUpload = 1024 * 1024;
    public const int VerdictCount = 256;
    public const int VoucherCount = 8;
    public const int MeshLogEntry = 1024;
    public const int Note = 64 * 1024;
    public const int ClientData = 2 * 1024;
    public const int AuthenticatorData = 3 * 1024;
    public const int AttestationObject = 4 * 1024;
    public const int PasskeySignature = 1024;

    /// <summary>Hashes, nonces, thumbprints, SHA-256 registers.</summary>
    public const int Hash = 32;

    /// <summary>The last second of the year 9999; what comes later is no time.</summary>
    public const long LatestTime = 253_402_300_799;
}
