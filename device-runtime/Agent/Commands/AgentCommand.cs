using System.CommandLine;
using TrustMesh.Agent.Configuration;

namespace TrustMesh.Agent.Commands;

/// <summary>The command line of <c>trustmesh-agent</c>. Data goes to standard output, everything else to standard error.</summary>
public static class AgentCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("""
            trustmesh-agent: the device's side of TrustMesh. It owns the device's root of trust (a TPM, a PKCS#11 token, or a software
            key to try things out), measures files into a log, joins a mesh with a join token, goes on proving itself to the silo (of
            several in its configuration, whichever answers), and examines its peers with or without one.

            First steps:
              trustmesh-agent config example > agent.json     write a configuration, then edit it
              trustmesh-agent doctor --config agent.json      check TPM, permissions, files, silo and clock
              trustmesh-agent run --config agent.json         run (systemd: infra/systemd/trustmesh-agent.service)
              trustmesh-agent status --config agent.json      what the running agent does
              trustmesh-agent peer list --config agent.json   whom this device trusts, and why (also: show, examine, watch)
              trustmesh-agent admission open --config agent.json   open the doors an ended agent left closed

            Applications ask the agent over a socket; DOOR.md has the ten lines that takes.

            Exit codes: 0 ok, 1 failure, 2 wrong usage or configuration, 3 no agent found (or no such peer), 6 not trusted, 7 timeout.
            """)
        {
            RunCommand.Create(),
            StatusCommand.Create(),
            DoctorCommand.Create(),
            PeerCommand.Create(),
            AdmissionCommand.Create(),
            new Command("config", "Write or check a configuration.") { ExampleCommand(), CheckCommand() },
        };
        return root;
    }

    /// <summary>Parses and runs; the process's exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine("Try: trustmesh-agent --help");
        return ExitCode.Usage;
    }

    internal static Option<string> ConfigOption() => new("--config", "-c") { Description = "The configuration file (JSON). Make one with: trustmesh-agent config example", Required = true, HelpName = "FILE" };

    /// <summary>The configuration, or null after every problem was told.</summary>
    internal static AgentConfig? Read(string file, TextWriter errors)
    {
        try
        {
            return ConfigReader.Read(file);
        }
        catch (ConfigException wrong)
        {
            errors.WriteLine($"{wrong.File} has {(wrong.Problems.Count == 1 ? "a problem" : $"{wrong.Problems.Count} problems")}:");
            foreach (var problem in wrong.Problems) errors.WriteLine($"  {problem}");
            return null;
        }
    }

    private static Command ExampleCommand()
    {
        var command = new Command("example", "Print a configuration with comments, ready to be edited.");
        command.SetAction(_ => Console.Out.Write(ExampleConfig.Text));
        return command;
    }

    private static Command CheckCommand()
    {
        var config = ConfigOption();
        var command = new Command("check", "Check a configuration file and tell everything wrong with it at once.") { config };
        command.SetAction(parsed =>
        {
            if (Read(parsed.GetRequiredValue(config), Console.Error) is not { } read) return ExitCode.Usage;
            Console.Error.WriteLine($"The configuration of {read.Name} is good.");
            return ExitCode.Ok;
        });
        return command;
    }
}
