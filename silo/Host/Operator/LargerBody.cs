using Microsoft.AspNetCore.Http.Metadata;

namespace TrustMesh.Host.Operator;

/// <summary>On the few routes whose body names many devices; everywhere else the listener's own cap holds (attack A42).</summary>
/// <param name="bytes">Most of them.</param>
internal sealed class LargerBody(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
