using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>policy test|diff|versions</c>: what a policy would do, and what earlier ones said.</summary>
internal static class PolicyDraftCommands
{
    private const int Largest = 16 * 1024;

    private static readonly ContractJson Written = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.Default });

    public static Command Test(Shell shell)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A draft as JSON: the members of PUT /api/v1/policy that are to change, such as {\"tiers\": [\"tpm-quote\"]}." };
        file.AcceptExistingOnly();
        var command = new Command("test", "What a draft would say of the last evidence of every device, before it is signed. Ends with 6 if a device would fail.") { file };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var done = await TryAsync(api, printer, Read(parsed.GetRequiredValue(file)), ct);
            if (done.Fails > 0) throw new CommandFailure(ExitCode.NotTrusted, $"{done.Fails} devices would fail.", "");
        });
        return command;
    }

    /// <summary>Tries a draft out and prints what it would do; nothing is signed.</summary>
    internal static async Task<PolicySimulation> TryAsync(SiloApi api, Printer printer, PolicyUpdate draft, CancellationToken ct)
    {
        var current = api.PolicyAsync(ct);
        var done = await api.SimulatePolicyAsync(draft, ct);
        if (printer.IsJson) printer.Json(done, ContractJson.Default.PolicySimulation);
        else
        {
            Print(printer, PolicyDiff.Of(await current, done.Draft).Where(line => line.Change != "same"));
            printer.Heading("Causes");
            printer.Table(["EFFECT", "DEVICES", "CAUSE", "CHECK", "QUERY"], done.Causes.Select(one => new[] { one.Effect, Shown.Number(one.Count), one.Cause, one.Check, one.Query ?? "-" }));
            printer.Heading("Devices");
            printer.Table(["ID", "NAME", "SITE", "EFFECT", "NOW", "THEN", "CAUSE"], done.Cases.Select(one => new[]
                { Shown.ShortId(one.Id), one.Name, one.Site, one.Effect, one.Now, one.Then ?? "-", one.Cause }));
        }
        await current;
        printer.Note($"Of {done.Devices} devices {done.Fails} would fail that pass now, {done.Passes} would pass that fail now, {done.Changes} would change otherwise, {done.Unjudged} cannot be judged{(done.Complete ? "" : ", as time ran out")}.");
        return done;
    }

    public static Command Diff(Shell shell)
    {
        var from = new Argument<long?>("A") { Description = "Version; left out: the one before B.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Argument<long?>("B") { Description = "Version; left out: the one in force.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("diff", "What changed between two versions of the policy, line by line.") { from, to };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var after = parsed.GetValue(to) is { } named ? await api.PolicyAsync(named, ct) : await api.PolicyAsync(ct);
            var earlier = parsed.GetValue(from) ?? (await api.PolicyVersionsAsync(ct)).FirstOrDefault(one => one.Version < after.Version)?.Version
                ?? throw new CommandFailure(ExitCode.NotFound, $"No version before {after.Version} is kept.", "See: trustmesh policy versions");
            var lines = PolicyDiff.Of(await api.PolicyAsync(earlier, ct), after);
            if (printer.IsJson) printer.Json(lines, ContractJson.Default.IReadOnlyListPolicyDiffLine);
            else Print(printer, lines);
            printer.Note(lines.All(line => line.Change == "same") ? $"Versions {earlier} and {after.Version} say the same." : $"From version {earlier} to {after.Version}.");
        });
        return command;
    }

    public static Command Versions(Shell shell)
    {
        var command = new Command("versions", "Policies that are or were in force, newest first: who had them signed, when and why.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var versions = await api.PolicyVersionsAsync(ct);
            if (printer.IsJson) printer.Json(versions, ContractJson.Default.IReadOnlyListPolicyVersion);
            else
                printer.Table(["VERSION", "SIGNED", "BY", "WHY", "IN FORCE"], versions.Select(one => new[]
                    { Shown.Number(one.Version), Shown.Time(one.At), one.By.Length == 0 ? "not kept" : one.By, one.Why ?? "-", Shown.YesNo(one.InForce) }));
        });
        return command;
    }

    /// <summary>A draft of a policy; what it does not name stays as it is.</summary>
    public static PolicyUpdate Read(FileInfo file)
    {
        if (!file.Exists) throw new CommandFailure(ExitCode.NotFound, $"There is no file {file.FullName}.", "");
        try
        {
            return JsonSerializer.Deserialize(Arguments.ReadBounded(file, Largest), ContractJson.Strict.PolicyUpdate) ?? throw new JsonException("null");
        }
        catch (JsonException bad)
        {
            throw new CommandFailure(ExitCode.Usage, $"{file.FullName} is no draft of a policy, at {bad.Path ?? "its start"}, line {(bad.LineNumber ?? 0) + 1}.", "See: trustmesh policy test --help", bad);
        }
    }

    /// <summary>A draft as it is read again.</summary>
    public static string Text(PolicyUpdate draft) => JsonSerializer.Serialize(draft, Written.PolicyUpdate);

    private static void Print(Printer printer, IEnumerable<PolicyDiffLine> lines)
    {
        foreach (var line in lines) printer.Line($"{line.Change switch { "added" => "+", "removed" => "-", _ => " " }} {line.Text}");
    }
}
