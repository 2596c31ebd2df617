using TrustMesh.Agent.Files;

namespace TrustMesh.Tests.Agent;

/// <summary>State files whose writes fail when told to: once before anything reached the disk, once after all of it did (fault table).</summary>
public sealed class FaultyFiles(StateDirectory state) : IStateFiles
{
    /// <summary>Writes until one fails; negative: never.</summary>
    public int FailAfter { get; set; } = -1;

    /// <summary>Whether the failing write happened all the same.</summary>
    public bool FailPersisted { get; set; }

    /// <summary>Writes so far.</summary>
    public int Writes { get; private set; }

    public byte[]? Read(string name, int cap) => state.Read(name, cap);

    public IReadOnlyList<string> Names(string prefix) => state.Names(prefix);

    public void Replace(string name, ReadOnlySpan<byte> content, bool durable = true)
    {
        var bytes = content.ToArray();
        Write(() => state.Replace(name, bytes, durable));
    }

    public void Append(string name, ReadOnlySpan<byte> bytes, long at, bool durable = true)
    {
        var copy = bytes.ToArray();
        Write(() => state.Append(name, copy, at, durable));
    }

    public void Remove(string name) => Write(() => state.Remove(name));

    private void Write(Action write)
    {
        Writes++;
        var fails = FailAfter == 0;
        if (FailAfter >= 0) FailAfter--;
        if (!fails || FailPersisted) write();
        if (fails) throw new IOException("The disk did not answer. This test told it so.");
    }
}
