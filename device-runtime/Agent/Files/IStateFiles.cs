namespace TrustMesh.Agent.Files;

/// <summary>
/// Files of the agent by name, replaced as a whole or appended to. The seam at which writes fail in tests, once persisted and once not. Throws
/// <see cref="StateException"/> for what is not safe to read and <see cref="IOException"/> for what can not be written.
/// </summary>
public interface IStateFiles
{
    /// <summary>The whole file, or null where there is none. <paramref name="cap"/> in bytes.</summary>
    byte[]? Read(string name, int cap);

    /// <summary>Replaces the file: after a power cut the old content is there, or the new.</summary>
    void Replace(string name, ReadOnlySpan<byte> content, bool durable = true);

    /// <summary>Writes behind the first <paramref name="at"/> bytes of a file that is there; what stood behind them is cut off.</summary>
    void Append(string name, ReadOnlySpan<byte> bytes, long at, bool durable = true);

    void Remove(string name);

    /// <summary>Names that begin so, in order.</summary>
    IReadOnlyList<string> Names(string prefix);
}
