using System.Text;
using TrustMesh.Orleans.Storage;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Records;

namespace TrustMesh.Orleans.Hosting;

/// <summary>Before a silo becomes one of a cluster: the rows are of its mesh, and its authority is the one whose key made them. A stranger never joins.</summary>
internal sealed class JoinCheck(Rows rows, MeshAuthority authority) : ILifecycleParticipant<ISiloLifecycle>
{
    private const string Kind = "mesh", Name = "name", Pin = "authority";

    /// <summary>Storage is up, and the silo is not active yet.</summary>
    private const int Stage = ServiceLifecycleStage.ApplicationServices + 1_000;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(JoinCheck), Stage, _ => RunAsync());

    private async Task RunAsync()
    {
        if (await rows.GlanceAsync(Kind, Name) is { } name && Encoding.UTF8.GetString(name.Payload.Span) is var stored && stored != authority.Mesh)
            throw new InvalidDataException($"The storage is of the mesh {stored}, not {authority.Mesh}. Use --mesh {stored}, or a container of this mesh's own.");
        if (await rows.GlanceAsync(Kind, Pin) is not { } pin)
        {
            try
            {
                await rows.WriteAsync(Kind, Pin, 0, authority.Key.SpkiHash);
                return;
            }
            catch (StaleRecordException)
            {
                // Another silo starts the same mesh at the same moment.
                pin = await rows.ReadAsync(Kind, Pin) ?? throw new InvalidDataException("The storage forgot what was just written; check it.");
            }
        }
        if (!pin.Payload.Span.SequenceEqual(authority.Key.SpkiHash.Span))
            throw new InvalidDataException($"This silo's authority key is not the one of the mesh {authority.Mesh} (its pin begins {Convert.ToHexStringLower(pin.Payload.Span[..4])}). Copy authority.key from a silo of the mesh, or give it with --authority-key.");
    }
}
