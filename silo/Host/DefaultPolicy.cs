using TrustMesh.Host.Settings;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Host;

/// <summary>The policy of a new mesh: every tier may join and shows which it is; an unknown measured file is contraindicated; no evidence without channel binding.</summary>
internal static class DefaultPolicy
{
    private const int MeasurementPcr = 13;

    public static Policy For(SiloSettings settings)
        => new(
            "", "", 0, (ushort)TpmAlg.Sha256, [MeasurementPcr], MeasurementPcr, settings.LifetimeSeconds ?? 60, settings.IntervalSeconds ?? 20,
            [AssuranceTier.Software, AssuranceTier.HardwareKey, AssuranceTier.TpmQuote], true, [], [], TrustTier.Contraindicated, 0, 0, PeerRules.Default);
}
