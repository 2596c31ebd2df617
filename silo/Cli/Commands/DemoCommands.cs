using System.CommandLine;
using TrustMesh.Cli.Demo;

namespace TrustMesh.Cli.Commands;

/// <summary><c>demo run</c>: a whole mesh on this machine.</summary>
internal static class DemoCommands
{
    private const int MostDevices = 200;

    public static Command Build(Shell shell)
    {
        var devices = Count("--devices", "Devices, each with a TPM of its own (swtpm).", 3, 1, MostDevices);
        var software = Count("--software", "Further devices with a software root, which everything then says.", 0, 0, MostDevices);
        var state = new Option<string?>("--state") { Description = "Keep state there between runs; without it a private folder is used and removed at the end.", HelpName = "DIR" };
        var port = Count("--port", "Port of the dashboard, or the next one that is free.", 8080, 0, 65_535);
        var check = new Option<bool>("--check") { Description = "Unattended: wait until every device is trusted, print one JSON line, stop everything, exit 0; exit 1 if something went wrong." };
        var timeout = Arguments.OptionalDuration("--timeout", "How long it may take until every device is trusted (60s, and more for many devices).");
        var run = new Command("run", "Start one silo, the dashboard and devices with software TPMs on this machine. Ctrl-C ends everything.") { devices, software, state, port, check, timeout };
        run.SetAction(async (parsed, _) =>
        {
            if (!OperatingSystem.IsLinux()) throw new CommandFailure(ExitCode.Failure, "The demo needs Linux, where swtpm is.", "Run it there, or in a container.");
            var options = new DemoOptions(parsed.GetValue(devices), parsed.GetValue(software), parsed.GetValue(state), parsed.GetValue(port), parsed.GetValue(check),
                parsed.GetValue(timeout) ?? Enough(parsed.GetValue(devices) + parsed.GetValue(software)));
            return (int)await DemoRun.RunAsync(options, shell.Surroundings, shell.Printer(parsed));
        });
        return new Command("demo", "A whole mesh on this machine, to look at.") { run };
    }

    /// <summary>A minute for a handful; a TPM takes a second or two to be made.</summary>
    private static TimeSpan Enough(int devices) => TimeSpan.FromSeconds(Math.Max(60, 30 + (3 * devices)));

    private static Option<int> Count(string name, string description, int standard, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is var value && value >= least && value <= most) return;
            result.AddError($"{name} must be a number from {least} to {most}.");
        });
        return option;
    }
}
