using Microsoft.AspNetCore.Http.Metadata;

namespace TrustMesh.Host.Operator;

/// <summary>A route that takes a larger body than the others; it holds from routing on, before the gate has looked who calls (attack A42).</summary>
/// <param name="bytes">The most it takes.</param>
public sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
