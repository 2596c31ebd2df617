using System.CommandLine;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Commands;

/// <summary><c>trustmesh-agent admission open</c>: an agent leaves its doors closed when it ends; this opens them.</summary>
public static class AdmissionCommand
{
    public static Command Create() => new("admission", "Who may talk to this device at all (\"admission\" in the configuration).") { Open() };

    private static Command Open()
    {
        var config = AgentCommand.ConfigOption();
        var command = new Command("open", """
            Remove the firewall rules of an agent that has ended: everybody may talk to this device again.

            An agent that ends, by a stop, a restart, an upgrade or a crash, leaves the doors closed; peers run out, the allow-list stays.
            """) { config };
        command.SetAction((parsed, stop) => OpenAsync(parsed.GetRequiredValue(config), stop));
        return command;
    }

    private static async Task<int> OpenAsync(string file, CancellationToken stop)
    {
        if (AgentCommand.Read(file, Console.Error) is not { } config) return ExitCode.Usage;
        try
        {
            if (Directory.Exists(config.State))
            {
                using var state = StateDirectory.Peek(config.State);
                if (state.InUse())
                {
                    Console.Error.WriteLine("The agent is running and would close the doors again within seconds. Stop it first, or set \"admission\" to \"off\" and restart it.");
                    return ExitCode.Failure;
                }
            }
            var (nft, table) = (Nft.Find(), NftTable.Of(config.State));
            if (!await NftAdmission.IsThereAsync(nft, table, stop))
            {
                Console.Error.WriteLine("The doors are open already: this agent has no firewall rules here.");
                return ExitCode.Ok;
            }
            await NftAdmission.RemoveAsync(nft, table, stop);
            Console.Error.WriteLine("The doors are open.");
            return ExitCode.Ok;
        }
        catch (Exception failed) when (failed is IOException or StateException)
        {
            Console.Error.WriteLine(failed.Message);
            return ExitCode.Failure;
        }
    }
}
