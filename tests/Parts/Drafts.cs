using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Parts;

/// <summary>Evidence drafts for tests that care about the root, not about the claims.</summary>
public static class Drafts
{
    /// <summary>A draft by this root, answering this challenge (32 bytes), over PCR 0, 7 and 13 unless told otherwise.</summary>
    public static EvidenceDraft For(IRoot root, byte[] challenge, params int[] pcrs)
        => new(
            AttesterRole.TlsClient,
            new Claims(root.Device, SHA256.HashData("session"u8), challenge, 1_700_000_000, 12, root.Boot, "trustmesh-agent", "0.1.0", null, null),
            Bank: 0x000b,
            pcrs.Length > 0 ? pcrs : [0, 7, 13],
            new InclusionProof(0, 1, []),
            new LogTail(root.Boot, 0, []));
}
