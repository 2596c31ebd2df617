using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>What an operator may write into a policy. All mistakes are told at once.</summary>
public static class PolicyRules
{
    /// <summary>Sentences, each with its fix; none means the update is fine.</summary>
    /// <param name="inForce">Supplies what the update leaves out.</param>
    public static IReadOnlyList<string> Check(PolicyUpdate update, Policy inForce)
    {
        var wrong = new List<string>();
        var lifetime = update.LifetimeSeconds ?? inForce.LifetimeSeconds;
        var interval = update.IntervalSeconds ?? inForce.IntervalSeconds;
        if (interval is < 1 or > 86_400) wrong.Add("intervalSeconds must be 1 to 86400.");
        if (lifetime is < 2 or > 604_800) wrong.Add("lifetimeSeconds must be 2 to 604800.");
        if (lifetime <= interval) wrong.Add("lifetimeSeconds must be longer than intervalSeconds, or every device turns stale between two proofs.");
        if (update.Pcrs is { } pcrs && (pcrs.Count is 0 or > Caps.PcrCount || pcrs.Any(pcr => pcr is < 0 or > 23 or 16 or 23)))
            wrong.Add("pcrs must name 1 to 24 registers of 0 to 22; 16 and 23 can be reset and prove nothing.");
        if (update.Tiers is { } tiers && (tiers.Count == 0 || tiers.Any(tier => Tiers.Parse(tier) is null)))
            wrong.Add("tiers must be of software, hardware-key, tpm-quote, guardian, and at least one.");
        if (update.MayChange is { } globs && !NamePatterns.TryCompile(globs, out _, out var problem)) wrong.Add($"mayChange: {problem}");
        if (update.DeniedFirmware is { } firmware && (firmware.Count > Caps.FirmwareCount || firmware.Any(text => text.Length is 0 or > 16 || !text.All(char.IsAsciiHexDigit))))
            wrong.Add("deniedFirmware must be up to 1024 versions of 1 to 16 hex digits.");
        if (update.UnknownFile is { } unknown && ParseStatus(unknown) is null) wrong.Add("unknownFile must be warning or contraindicated.");
        if (update.GraceSeconds is < 1 or > 31_536_000) wrong.Add("graceSeconds must be 1 to 31536000.");
        if (update.Quorum is { } quorum && (quorum < 0 || quorum > PeerRules.MostQuorum)) wrong.Add($"quorum must be 0 (never) to {PeerRules.MostQuorum}.");
        if (update.Quorum is 1) wrong.Add("quorum must not be 1: one peer's bad word moves nothing mesh-wide (attack A36); use 0 for never, or 2 and more.");
        if (update.Peers is { } peers && (peers < 2 || peers > PeerRules.MostPeers)) wrong.Add($"peers must be 2 to {PeerRules.MostPeers}, so that every device is examined by at least two.");
        return wrong;
    }

    /// <summary>The statuses an unknown file may lead to.</summary>
    public static TrustTier? ParseStatus(string text) => text switch
    {
        "warning" => TrustTier.Warning, "contraindicated" => TrustTier.Contraindicated, _ => null,
    };
}
