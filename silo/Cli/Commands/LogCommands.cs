using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Evidence;
using TrustMesh.Cli.Logs;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>log</c>: what the mesh decided and saw, and the proof that nobody changed it afterwards.</summary>
internal static class LogCommands
{
    private const int PageSize = 1000;

    public static Command Build(Shell shell) => new("log", "The mesh's tamper-evident log.") { Show(shell), Verify(shell), Export(shell) };

    private static Command Show(Shell shell)
    {
        var kind = new Option<string?>("--kind") { Description = "Only entries of these kinds, such as revoked or approved,operator.", HelpName = "KIND,..." };
        var by = new Option<string?>("--by") { Description = "Only what somebody with this in their name did.", HelpName = "TEXT" };
        var device = new Option<string?>("--device") { Description = "Only entries of this device.", HelpName = "DEVICE" };
        var text = new Option<string?>("--text") { Description = "Only entries with this in their text or in the device's name.", HelpName = "TEXT" };
        var since = new Option<string?>("--since") { Description = $"Nothing older: {Instant.Written}.", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = "Nothing newer.", HelpName = "TIME" };
        var limit = new Option<int>("--limit") { Description = "Most entries that are shown (1 to 100000), the newest ones.", HelpName = "N", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000) result.AddError("--limit must be 1 to 100000.");
        });
        var command = new Command("show", "The newest entries, oldest first.") { kind, by, device, text, since, until, limit };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var id = parsed.GetValue(device) is { } named ? (await api.DeviceAsync(named, ct)).Device.Id : null;
            string? Iso(string? time) => time is null ? null : Instant.Parse(time, shell.Surroundings.Time).UtcDateTime.ToString("O");
            (string Name, string? Value)[] asked =
            [
                ("kind", parsed.GetValue(kind)), ("by", parsed.GetValue(by)), ("device", id), ("text", parsed.GetValue(text)), ("since", Iso(parsed.GetValue(since))), ("until", Iso(parsed.GetValue(until))),
            ];
            var filter = string.Concat(asked.Where(one => one.Value is not null).Select(one => $"&{one.Name}={Uri.EscapeDataString(one.Value!)}"));
            var (found, next, most) = (new List<LogFinding>(), (string?)null, parsed.GetValue(limit));
            do
            {
                var page = await api.LogEntriesAsync(filter, next, Math.Min(PageSize, most - found.Count), ct);
                found.AddRange(page.Entries);
                next = page.Next;
            }
            while (next is not null && found.Count < most);
            found.Reverse();
            IReadOnlyList<LogEntryView> entries = [.. found.Select(one => one.Entry)];
            if (printer.IsJson) printer.Json(entries, ContractJson.Default.IReadOnlyListLogEntryView);
            else printer.Table(["INDEX", "AT", "KIND", "DEVICE", "BY", "TEXT"],
                entries.Select(one => new[] { Shown.Number(one.Index), Shown.Time(one.At), one.Kind, one.Name.Length == 0 ? "-" : one.Name, one.Actor, one.Text }));
        });
        return command;
    }

    private static Command Verify(Shell shell)
    {
        var authority = new Option<string?>("--authority") { Description = "The mesh authority: hex SHA-256 of its public key, or its certificate or public key as a PEM file.", HelpName = "HEX|PEM" };
        var save = new Option<FileInfo?>("--save") { Description = "Keep the checkpoints that were verified here, for --since.", HelpName = "FILE" };
        var since = new Option<FileInfo>("--since") { Description = "Checkpoints from before: the log must begin with what they vouched for.", HelpName = "FILE" }.AcceptExistingOnly();
        var folder = new Option<DirectoryInfo>("--dir") { Description = "Verify files that log export wrote instead of asking a silo.", HelpName = "DIR" }.AcceptExistingOnly();
        var command = new Command("verify", """
            Read the whole log, compute every hash anew and hold the result against the mesh authority's signature; with --since also against
            what was verified before. The authority has to be known: from --authority, TRUSTMESH_AUTHORITY, or a sign-in to its silo. Exit code 0
            if every log is whole, else 1 and the first entry that is wrong; 6 if the authority is not known.
            """) { authority, save, since, folder };
        command.SetAction(async (parsed, ct) =>
        {
            var printer = shell.Printer(parsed);
            var named = parsed.GetValue(authority) ?? shell.Surroundings.Variable("TRUSTMESH_AUTHORITY");
            var pins = named is null ? AuthorityPin.Known(SessionFile.Of(shell.Surroundings).Read()) : [AuthorityPin.Parse(named)];
            using var api = parsed.GetValue(folder) is null ? shell.Api(parsed) : null;
            var check = new LogCheck(api is null ? new LogFolder(parsed.GetValue(folder)!) : new SiloLogs(api), pins);
            var reports = await check.RunAsync(parsed.GetValue(since) is { } file ? SavedCheckpoints.Read(file) : null, ct);
            Print(printer, reports);
            if (reports.Whole && parsed.GetValue(save) is { } kept) await new SavedCheckpoints(check.Verified).WriteAsync(kept, ct);
            return (int)(reports.Whole ? ExitCode.Ok : ExitCode.Failure);
        });
        return command;
    }

    private static Command Export(Shell shell)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Where to write them; made if it is not there." };
        var command = new Command("export", "Write the log as static files in the layout of C2SP tlog-tiles. Check them with: trustmesh log verify --dir DIR") { folder };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var target = parsed.GetRequiredValue(folder);
            var entries = await new LogFolder(target).TakeAsync(new SiloLogs(api), await api.AuthorityAsync(ct), ct);
            printer.Note($"{entries} entries in {target.FullName}. Check them with: trustmesh log verify --dir {target.Name}");
        });
        return command;
    }

    private static void Print(Printer printer, LogReports reports)
    {
        if (printer.IsJson)
        {
            printer.Json(reports, CliJson.Default.LogReports);
            return;
        }
        foreach (var report in reports.Logs)
        {
            if (!report.Whole) BecauseTable.Print(printer, report.Findings);
            printer.Line(report.Sentence);
        }
        if (reports.Logs.Count == 0) printer.Line("There is no log.");
    }
}
