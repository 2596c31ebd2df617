using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>silo</c>: the silos of the mesh, how each is doing, and what it holds.</summary>
internal static class SiloCommands
{
    public static Command Build(Shell shell) => new("silo", "The silos of the mesh: health, share of the work, storage.") { List(shell), Show(shell), Made(shell), SettingsCommands.Settings(shell) };

    private static Command Made(Shell shell)
    {
        var command = new Command("sbom", "What the silo is made of, with versions, digests and licences, as CycloneDX 1.6 (JSON).");
        shell.OnApi(command, async (api, _, _, ct) => shell.Surroundings.Out.Write(await api.SbomAsync(ct)));
        return command;
    }

    private static Command List(Shell shell)
    {
        var command = new Command("list", "All silos, one a line; what is wrong with one goes to standard error.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var silos = await api.SilosAsync(ct);
            if (printer.IsJson)
            {
                printer.Json(silos, ContractJson.Default.IReadOnlyListSiloView);
                return;
            }
            var now = shell.Surroundings.Time.GetUtcNow();
            printer.Table(["NAME", "HEALTH", "ADDRESS", "TWINS", "SHARE", "CALLS/S", "P50 MS", "P99 MS", "STORAGE ERRORS", "REPORTED"], silos.Select(one => new[]
            {
                one.Name, one.Health, one.Device ?? "-", Shown.Number(one.Twins), Shown.Percent(one.Share), Shown.Number(one.CallsPerSecond), Milliseconds(one.P50Ms), Milliseconds(one.P99Ms),
                Shown.Number(one.StorageErrors), Shown.Ago(one.ReportedAt, now),
            }));
            foreach (var one in silos.Where(one => one.Health != "active" || one.Why is not null)) printer.Note($"{one.Name} is {one.Health}: {one.Why ?? "it does not say why"}");
        });
        return command;
    }

    private static Command Show(Shell shell)
    {
        var name = new Argument<string>("NAME") { Description = "As in the list." };
        var command = new Command("show", "Everything about one silo: duties, rates, memory, the last storage error.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var silo = await api.SiloAsync(parsed.GetRequiredValue(name), ct);
            if (printer.IsJson) printer.Json(silo, ContractJson.Default.SiloView);
            else printer.Facts(Facts(silo, shell.Surroundings.Time.GetUtcNow()));
        });
        return command;
    }

    private static (string Name, string Value)[] Facts(SiloView silo, DateTimeOffset now) =>
    [
        ("silo", silo.Name), ("health", silo.Health), ("why", silo.Why ?? "-"), ("devices dial", silo.Device ?? "-"), ("operators dial", silo.Operator ?? "-"), ("version", silo.Version),
        ("started", Shown.Time(silo.StartedAt)), ("reported", silo.ReportedAt is null ? "-" : $"{Shown.Time(silo.ReportedAt)} ({Shown.Ago(silo.ReportedAt, now)})"),
        ("twins", Shown.Number(silo.Twins)), ("share", Shown.Percent(silo.Share)), ("duties", silo.Shards.Count == 0 ? "-" : string.Join(", ", silo.Shards)),
        ("calls a second", Shown.Number(silo.CallsPerSecond)), ("p50", $"{Milliseconds(silo.P50Ms)} ms"), ("p99", $"{Milliseconds(silo.P99Ms)} ms"),
        ("evidence accepted", Shown.Number(silo.Accepted)), ("evidence refused", Shown.Number(silo.Refused)), ("devices waiting", Shown.Number(silo.Waiting)),
        ("memory", Shown.Mebibytes(silo.MemoryBytes)), ("storage errors", Shown.Number(silo.StorageErrors)), ("last of them", silo.LastStorageError ?? "-"), ("clock", Clock(silo.SkewSeconds)),
    ];

    /// <summary>Against the other silos'; a report takes a moment on its way.</summary>
    private static string Clock(double? skew) => skew switch
    {
        null => "-",
        > -1 and < 1 => "as the other silos'",
        > 0 => $"{Shown.Number(skew.Value)} s ahead of the other silos'",
        _ => $"{Shown.Number(-skew.Value)} s behind the other silos'",
    };

    /// <summary>0 is said before the first evidence.</summary>
    private static string Milliseconds(double time) => time > 0 ? Shown.Number(time) : "-";
}
