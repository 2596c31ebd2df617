using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Door;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Silo;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>Writes status.json and systemd's status line.</summary>
internal sealed class StatusPage(AgentConfig config, SiloAddresses silos, StateDirectory files, Attester attester, Measurer measurer, ServiceNotification service, string version, TimeProvider time)
{
    public void Write(AgentState now, Standing? standing, MeshLife? mesh, string admission)
    {
        var root = attester.Root;
        var status = new AgentStatus(version, Environment.ProcessId, config.Name, root.Device.Text, root.Description, DoorWords.Tier(root.Tier), silos.Now.ToString(), now.Phase, now.Reason, now.Since,
            now.Acts ? null : now.DueAt, now.Attempt, standing?.ToString().ToLowerInvariant(), mesh?.Verdict.Word, now.ProvenAt, attester.Boot, attester.State.ToString().ToLowerInvariant(), attester.Entries, measurer.Files, time.GetUtcNow(),
            mesh?.Status(admission), [.. config.Silos.Select(silo => silo.ToString())]);
        files.Replace(AgentStatus.FileName, status.ToJson(), durable: false);
        service.Status($"{now.Phase}: {now.Reason}");
    }
}
