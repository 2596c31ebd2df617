using System.CommandLine;
using TrustMesh.Agent.Doctor;
using TrustMesh.Roots;

namespace TrustMesh.Agent.Commands;

/// <summary><c>trustmesh-agent doctor</c>: what would keep the agent from working, and how to fix it.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var config = AgentCommand.ConfigOption();
        var command = new Command("doctor", "Check state, root of trust (TPM and its certificate, or token), measured files, clock, socket, admission, peers, join token and silo: one line each, with the fix. Exit code 1 if something fails.") { config };
        command.SetAction((parsed, _) => ExamineAsync(parsed.GetRequiredValue(config)));
        return command;
    }

    private static async Task<int> ExamineAsync(string file)
    {
        if (AgentCommand.Read(file, Console.Error) is not { } config) return ExitCode.Usage;
        var failed = false;
        await foreach (var check in new Examination(config, TimeProvider.System, settings => RootOfTrust.Open(settings, TimeProvider.System)).RunAsync())
        {
            failed |= check.Outcome == CheckUpOutcome.Fail;
            Console.Out.WriteLine(check);
        }
        return failed ? ExitCode.Failure : ExitCode.Ok;
    }
}
