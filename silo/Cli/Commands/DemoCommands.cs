using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TrustMesh.Cli.Demo;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli.Commands;

/// <summary><c>demo</c>: a whole mesh on this machine, and what can be done to one that runs.</summary>
internal static class DemoCommands
{
    private const int MostDevices = 200, FewestSilos = 2, MostSilos = 5;

    /// <summary>A silo may take ten seconds to end and some to start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Build(Shell shell) => new("demo", "A whole mesh on this machine, to look at.") { Run(shell), Fleet(shell), Silo(shell), Status(shell) };

    private static Command Run(Shell shell)
    {
        var devices = Count("--devices", "Devices, each with a TPM of its own (swtpm).", 3, 1, MostDevices);
        var software = Count("--software", "Further devices with a software root, which everything then says.", 0, 0, MostDevices);
        var hsm = Count("--hsm", "Further devices whose root is a key in a PKCS#11 token of their own (SoftHSM).", 0, 0, MostDevices);
        var silos = Silos();
        var state = new Option<string?>("--state") { Description = "Keep state there between runs; without it a private folder is used and removed at the end.", HelpName = "DIR" };
        var port = Count("--port", "Port of the dashboard, or the next one that is free.", 8080, 0, 65_535);
        var flat = new Option<bool>("--no-namespaces") { Description = "All devices on this machine's loopback. Without it each gets a network namespace of its own, where the machine can make them (as root)." };
        var check = new Option<bool>("--check") { Description = "Unattended: wait until every device is trusted and has judged its peers, with --cluster also kill a silo and wait for the others to answer its devices; print one JSON line, stop everything, exit 0; exit 1 if something went wrong." };
        var timeout = Arguments.OptionalDuration("--timeout", "How long it may take until every device is trusted (60s, and more for many devices).");
        var run = new Command("run", "Start a silo, or several, the dashboard and devices with roots of trust of their own on this machine. Ctrl-C ends everything.")
        {
            devices, software, hsm, silos, state, port, flat, check, timeout,
        };
        run.SetAction(async (parsed, _) =>
        {
            if (!OperatingSystem.IsLinux()) throw new CommandFailure(ExitCode.Failure, "The demo needs Linux, where swtpm is.", "Run it there, or in a container.");
            var all = parsed.GetValue(devices) + parsed.GetValue(software) + parsed.GetValue(hsm);
            var options = new DemoOptions(parsed.GetValue(devices), parsed.GetValue(software), parsed.GetValue(hsm), parsed.GetValue(state), parsed.GetValue(port),
                parsed.GetValue(check), parsed.GetValue(timeout) ?? Enough(all, parsed.GetValue(silos) ?? 1), !parsed.GetValue(flat), parsed.GetValue(silos) ?? 1);
            return (int)await DemoRun.RunAsync(options, shell.Surroundings, shell.Printer(parsed));
        });
        return run;
    }

    private static Command Fleet(Shell shell)
    {
        var devices = Count("--devices", "Simulated devices.", 10_000, 1, 100_000);
        var sites = Count("--sites", "Over so many sites.", 100, 1, 1_000);
        var rate = Count("--rate", "Changes a second.", 20, 0, 2_000);
        var seed = Count("--seed", "Of what is made up: the same number makes the same fleet.", 1, 0, int.MaxValue);
        var port = Count("--port", "Port of the dashboard, or the next one that is free.", 8080, 0, 65_535);
        var fleet = new Command("fleet", "See what thousands of devices look like: a silo and the dashboard on this machine, and simulated devices, which exist only in memory. Ctrl-C ends everything.")
        {
            devices, sites, rate, seed, port,
        };
        fleet.SetAction(async (parsed, _) =>
        {
            if (!OperatingSystem.IsLinux()) throw new CommandFailure(ExitCode.Failure, "The demo needs Linux.", "Run it there, or in a container.");
            return (int)await FleetDemo.RunAsync(
                new(parsed.GetValue(devices), Math.Min(parsed.GetValue(sites), parsed.GetValue(devices)), parsed.GetValue(rate), parsed.GetValue(seed), parsed.GetValue(port)), shell.Surroundings);
        });
        return fleet;
    }

    private static Command Silo(Shell shell) => new("silo", "Switch the silo of a running demo, or all of them, off and on; its devices go on.")
    {
        Control(shell, "stop", ControlCommand.StopSilo, "Switch the silo off, or all of them.", "No silo runs. Devices go on judging each other; on again: trustmesh demo silo start"),
        Control(shell, "start", ControlCommand.StartSilo, "Switch on whichever is off.", "Every silo answers."),
        Control(shell, "restart", ControlCommand.RestartSilo, "Switch the silo off and on, or all of them.", "Every silo answers."),
        Control(shell, "kill", ControlCommand.KillSilo, "Kill one of several silos, any, as a power cut does.", "One silo is dead. See who answers now: trustmesh silo list. On again: trustmesh demo silo start"),
    };

    private static Command Status(Shell shell)
    {
        var state = State();
        var command = new Command("status", "A running demo: its addresses, its devices, where each is.") { state };
        command.SetAction(async (parsed, ct) =>
        {
            var (status, printer) = ((await AskAsync(shell, parsed.GetValue(state), ControlCommand.Status, ct)).Status, shell.Printer(parsed));
            if (printer.IsJson) printer.Json(status, CliJson.Default.DemoStatus);
            else
            {
                var some = status is { Silo: "running", Stopped.Count: > 0 } ? $" but {string.Join(", ", status.Stopped)}" : "";
                printer.Facts([("Silo", $"{status.Silo}{some}, {status.SiloAddress}"), ("Dashboard", status.Dashboard), ("State", status.State)]);
                printer.Table(["DEVICE", "LOOK", "ROOT", "ADDRESS", "NAMESPACE", "CONFIG"],
                    status.Devices.Select(one => new[] { one.Name, one.Look, one.Root, one.Address, one.Namespace ?? "-", one.Config }));
            }
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Control(Shell shell, string name, string line, string description, string done)
    {
        var state = State();
        var command = new Command(name, description) { state };
        command.SetAction(async (parsed, ct) =>
        {
            var answer = await AskAsync(shell, parsed.GetValue(state), line, ct);
            if (answer.Problem is { } problem) throw new CommandFailure(ExitCode.Conflict, problem, "See: trustmesh demo status");
            shell.Printer(parsed).Note(done);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task<ControlAnswer> AskAsync(Shell shell, string? state, string line, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux()) throw new CommandFailure(ExitCode.Failure, "The demo needs Linux.", "Run it there.");
        var folder = state ?? Path.GetDirectoryName(shell.Surroundings.Variable("TRUSTMESH_TOKEN_FILE"))
            ?? throw new CommandFailure(ExitCode.Usage, "Which demo?", "Give its --state DIR, or set TRUSTMESH_TOKEN_FILE as the demo printed it.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await ControlSocket.AskAsync(Path.GetFullPath(folder), line, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Timeout, $"The demo in {folder} did not answer within {Patience.TotalSeconds:0} s.", "See its terminal.");
        }
    }

    private static Option<string?> State() => new("--state") { Description = "Folder of the demo; without it the folder of TRUSTMESH_TOKEN_FILE.", HelpName = "DIR" };

    /// <summary>A minute for a handful; a TPM takes a second or two to be made, and several silos have to find each other.</summary>
    private static TimeSpan Enough(int devices, int silos) => TimeSpan.FromSeconds(Math.Max(60, 30 + (3 * devices)) + (15 * (silos - 1)));

    private static Option<int?> Silos()
    {
        var option = new Option<int?>("--cluster") { Description = "Several silos that are one mesh, with Redis and Azurite, instead of one with a database of its own.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (IsNumber(result, FewestSilos, MostSilos)) return;
            result.AddError($"--cluster must be a number of silos from {FewestSilos} to {MostSilos}; without it there is one.");
        });
        return option;
    }

    private static Option<int> Count(string name, string description, int standard, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            // Its value can not be asked for: of what is no number that throws.
            if (result.Implicit || IsNumber(result, least, most)) return;
            result.AddError($"{name} must be a number from {least} to {most}.");
        });
        return option;
    }

    private static bool IsNumber(OptionResult result, int least, int most)
        => result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most;
}
