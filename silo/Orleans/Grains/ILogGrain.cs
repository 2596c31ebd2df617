using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Grains;

/// <summary>The one writer of one of the mesh's logs. Key: its number.</summary>
[Alias("trustmesh.log"), GrainInterfaceType("trustmesh.log")]
public interface ILogGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="IMeshLog.AppendAsync"/>
    [Alias("append")]
    Task AppendAsync(LogLine[] lines);
}
