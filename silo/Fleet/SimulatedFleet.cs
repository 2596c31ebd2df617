using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Fleet;

/// <summary>The simulated devices, and who examines whom. A pure function of the options.</summary>
internal sealed class SimulatedFleet : IDisposable
{
    private static readonly string[] s_towns =
        ["oslo", "bergen", "turku", "riga", "gdansk", "kiel", "malmo", "aarhus", "tartu", "vaasa", "lund", "narvik", "bodo", "kotka", "visby", "umea", "luebeck", "odense", "kalmar", "pori"];

    private static readonly string[] s_models = ["press", "gateway", "camera", "robot", "sensor"];

    private readonly int sites;

    public SimulatedFleet(FleetOptions options)
    {
        sites = options.Sites;
        var random = new Random(options.Seed);
        Devices = [.. Enumerable.Range(0, options.Devices).Select(number =>
        {
            var site = number % sites;
            var model = s_models[random.Next(s_models.Length)];
            var tier = random.NextDouble() switch { < 0.03 => AssuranceTier.Software, < 0.12 => AssuranceTier.HardwareKey, _ => AssuranceTier.TpmQuote };
            return new SimulatedDevice(number, options.Seed, NameOf(site), model, tier, Draw(site, random.NextDouble()));
        })];
    }

    public IReadOnlyList<SimulatedDevice> Devices { get; }

    /// <summary>Three neighbours at its own site, and every fourth device one of the next site: those carry trust between sites.</summary>
    public IEnumerable<SimulatedDevice> ExaminedBy(SimulatedDevice issuer)
    {
        int[] steps = [sites, -sites, 2 * sites, .. issuer.Number / sites % 4 == 0 ? [1] : Array.Empty<int>()];
        return steps.Select(step => Devices[(((issuer.Number + step) % Devices.Count) + Devices.Count) % Devices.Count])
            .Where(other => other != issuer && other.Fate is not (Fate.Pending or Fate.Unproven)).Distinct();
    }

    /// <summary>Who has something to say about a device.</summary>
    public IEnumerable<SimulatedDevice> ExaminersOf(SimulatedDevice subject)
        => new[] { -sites, sites, -2 * sites, -1 }.Select(step => Devices[(((subject.Number + step) % Devices.Count) + Devices.Count) % Devices.Count])
            .Where(issuer => issuer.IsActive && ExaminedBy(issuer).Contains(subject)).Distinct();

    public void Dispose()
    {
        foreach (var device in Devices) device.Dispose();
    }

    private static string NameOf(int site) => site < s_towns.Length ? s_towns[site] : $"{s_towns[site % s_towns.Length]}-{(site / s_towns.Length) + 1}";

    /// <summary>Most sites are well. A few have had a bad firmware, one or two have lost their line.</summary>
    private static Fate Draw(int site, double luck)
    {
        var (tampered, silent) = site % 33 == 5 ? (0.22, 0.01) : site % 50 == 17 ? (0.01, 0.65) : site % 7 == 3 ? (0.02, 0.02) : (0.0008, 0.002);
        return luck < tampered ? Fate.Tampered : luck < tampered + silent ? Fate.Silent
            : luck > 0.999 ? Fate.Revoked : luck > 0.9975 ? Fate.Suspended : luck > 0.995 ? Fate.Pending : luck > 0.993 ? Fate.Unproven : Fate.Well;
    }
}
