using System.CommandLine;
using System.Globalization;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>policy</c>: by which rules devices are judged.</summary>
internal static class PolicyCommands
{
    public static Command Build(Shell shell) => new("policy", "The appraisal policy.") { Show(shell), Set(shell), PolicyDraftCommands.Test(shell), PolicyDraftCommands.Diff(shell), PolicyDraftCommands.Versions(shell), PolicyRevertCommand.Build(shell) };

    private static Command Show(Shell shell)
    {
        var version = new Option<long?>("--version") { Description = "An earlier one; see: trustmesh policy versions", HelpName = "N" };
        var draft = new Option<bool>("--draft") { Description = "As a draft, the JSON that test and set --file take: write it to a file, change it, try it out." };
        var command = new Command("show", "The policy in force, or an earlier version.") { version, draft };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var policy = parsed.GetValue(version) is { } named ? await api.PolicyAsync(named, ct) : await api.PolicyAsync(ct);
            if (!parsed.GetValue(draft)) Print(printer, policy);
            else
                foreach (var line in PolicyDraftCommands.Text(PolicyUpdate.Of(policy)).Split('\n')) printer.Line(line);
        });
        return command;
    }

    private static Command Set(Shell shell)
    {
        var pcrs = new Option<int[]?>("--pcr") { Description = "Registers that are quoted; all of them, one option each.", HelpName = "N" };
        var lifetime = Arguments.OptionalDuration("--lifetime", "How long a verdict counts.");
        var interval = Arguments.OptionalDuration("--interval", "How often devices prove themselves.");
        var tiers = new Option<string[]?>("--tier") { Description = "Assurance tiers that are accepted: software, hardware-key, tpm-quote, guardian.", HelpName = "TIER" };
        var binding = new Option<bool?>("--channel-binding") { Description = "Whether evidence must be bound to its TLS channel.", HelpName = "true|false" };
        var mayChange = new Option<string[]?>("--may-change") { Description = "Measured names that may change, as anchored globs; all of them.", HelpName = "GLOB" };
        var firmware = new Option<string[]?>("--deny-firmware") { Description = "TPM firmware versions that are refused; all of them.", HelpName = "VERSION" };
        var unknown = new Option<string?>("--unknown-file") { Description = "Status of a measured file without reference value.", HelpName = "STATUS" };
        var grace = Arguments.OptionalDuration("--grace", "How old a device's newest status list may be before it treats everyone as unknown. A new list comes every quarter of it.");
        var quorum = new Option<int?>("--quorum") { Description = "So many independent bad verdicts of peers suspend a device without an operator; 0: never.", HelpName = "N" };
        var peers = new Option<int?>("--peers") { Description = "How many peers a device examines, and is examined by (2 to 16).", HelpName = "N" };
        var file = new Option<FileInfo?>("--file") { Description = "A draft, as trustmesh policy test takes it, instead of single values.", HelpName = "FILE" };
        var reason = new Option<string?>("--reason") { Description = "Why; it is kept with the version.", HelpName = "TEXT" };
        var command = new Command("set", "Change the policy; what is not named stays. The mesh authority signs it with the next version.")
            { pcrs, lifetime, interval, tiers, binding, mayChange, firmware, unknown, grace, quorum, peers, file, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var update = new PolicyUpdate(
                Given(parsed.GetValue(pcrs)), Seconds(parsed.GetValue(lifetime)), Seconds(parsed.GetValue(interval)), Given(parsed.GetValue(tiers)),
                parsed.GetValue(binding), Given(parsed.GetValue(mayChange)), Given(parsed.GetValue(firmware)), parsed.GetValue(unknown),
                Seconds(parsed.GetValue(grace)), parsed.GetValue(quorum), parsed.GetValue(peers));
            if (parsed.GetValue(file) is { } draft)
            {
                if (update != new PolicyUpdate()) throw new CommandFailure(ExitCode.Usage, "A draft is signed as it is.", "Name either --file or single values.");
                update = PolicyDraftCommands.Read(draft);
            }
            if (update == new PolicyUpdate()) throw new CommandFailure(ExitCode.Usage, "Nothing is to be changed.", "Name at least one value; see: trustmesh policy set --help");
            Print(printer, await api.SetPolicyAsync(parsed.GetValue(reason) is { } why ? update with { Reason = why } : update, ct));
        });
        return command;
    }

    private static T[]? Given<T>(T[]? values) => values is { Length: > 0 } ? values : null;

    private static int? Seconds(TimeSpan? span) => (int?)span?.TotalSeconds;

    internal static void Print(Printer printer, PolicyView policy)
    {
        if (printer.IsJson)
        {
            printer.Json(policy, ContractJson.Default.PolicyView);
            return;
        }
        printer.Facts([
            ("policy", policy.Id), ("version", policy.Version.ToString(CultureInfo.InvariantCulture)), ("issued", Shown.Time(policy.IssuedAt)), ("expires", Shown.Time(policy.ExpiresAt)),
            ("registers", $"{policy.Bank}:{string.Join(',', policy.Pcrs)}"), ("measured into", $"PCR {policy.MeasurementPcr}"),
            ("lifetime", $"{policy.LifetimeSeconds} s"), ("interval", $"{policy.IntervalSeconds} s"), ("tiers", string.Join(", ", policy.Tiers)),
            ("channel binding", policy.ChannelBindingRequired ? "required" : "optional"), ("may change", Listed(policy.MayChange)),
            ("denied firmware", Listed(policy.DeniedFirmware)), ("unknown files", policy.UnknownFile),
            ("grace", $"{policy.GraceSeconds} s"), ("quorum", policy.Quorum == 0 ? "never" : $"{policy.Quorum} peers"), ("peers", policy.Peers.ToString(CultureInfo.InvariantCulture)),
        ]);
    }

    private static string Listed(IReadOnlyList<string> values) => values.Count == 0 ? "none" : string.Join(", ", values);
}
