using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Grains;

/// <summary>The one writer of one of the mesh's logs. Key: its number.</summary>
public interface ILogGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="IMeshLog.AppendAsync"/>
    Task AppendAsync(LogLine[] lines);
}
