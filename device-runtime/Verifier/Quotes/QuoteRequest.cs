using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>What a quote was asked to cover: one bank and its registers, ascending, none twice, at least one.</summary>
public sealed record QuoteRequest(TpmAlg Bank, IReadOnlyList<int> Pcrs)
{
    /// <summary>What is asked of a device while no policy says more: the default measurement register.</summary>
    public static QuoteRequest Default { get; } = new(TpmAlg.Sha256, [DefaultMeasurementPcr]);

    /// <summary>PROTOCOL.md section 6.</summary>
    public const int DefaultMeasurementPcr = 13;
}
