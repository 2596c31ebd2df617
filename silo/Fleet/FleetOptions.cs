using System.Globalization;

namespace TrustMesh.Fleet;

/// <summary>What a simulated fleet is asked for. The same options make the same devices at the same sites with the same troubles.</summary>
/// <param name="Rate">Changes a second, beside the proofs that keep everybody fresh.</param>
/// <param name="State">Folder of the silo; must be new, as the keys of simulated devices are nowhere kept.</param>
/// <param name="ReadyFile">As the silo's: written when everything is up; null for none.</param>
/// <param name="CodeFile">Gets the one-time admin code, mode 0600; null: it is printed.</param>
public sealed record FleetOptions(int Devices, int Sites, int Rate, int Seed, string State, string? ReadyFile, string? CodeFile)
{
    public const int MostDevices = 100_000, MostSites = 1_000, MostRate = 2_000;

    public const string Help = """
        trustmesh-fleet: a silo, and a fleet of simulated devices that prove themselves to it. For looking at, never for trusting.

          --devices N      simulated devices (10000)
          --sites N        over so many sites (100)
          --rate N         changes a second (20)
          --seed N         of what is made up (1)
          --state DIR      of the silo; must not exist
          --ready-file FILE, --code-file FILE   as of trustmesh-silo

        """;

    /// <summary>How long a proof counts, in seconds: so long that renewing all of them leaves most of a core.</summary>
    public int Lifetime => Devices <= 20_000 ? 1_800 : 3_600;

    /// <summary>The options, or a sentence that says what is wrong with them.</summary>
    public static (FleetOptions? Options, string? Problem) Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i + 1 < arguments.Count; i += 2) values[arguments[i]] = arguments[i + 1];
        string[] known = ["--devices", "--sites", "--rate", "--seed", "--state", "--ready-file", "--code-file"];
        if (arguments.Count % 2 != 0 || values.Keys.Except(known).Any()) return (null, Help);
        var (devices, sites, rate, seed) = (Number("--devices", 10_000, 1, MostDevices), Number("--sites", 100, 1, MostSites), Number("--rate", 20, 0, MostRate), Number("--seed", 1, 0, int.MaxValue));
        if (devices is null || sites is null || rate is null || seed is null)
            return (null, $"At most {MostDevices} devices, {MostSites} sites and {MostRate} changes a second, all as plain numbers; see --help.");
        if (values.GetValueOrDefault("--state") is not { Length: > 0 } state || Directory.Exists(state)) return (null, "--state must name a folder that does not exist yet.");
        return (new(devices.Value, Math.Min(sites.Value, devices.Value), rate.Value, seed.Value, state, values.GetValueOrDefault("--ready-file"), values.GetValueOrDefault("--code-file")), null);

        int? Number(string name, int standard, int least, int most)
            => !values.TryGetValue(name, out var text) ? standard
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;
    }
}
