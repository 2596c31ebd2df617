using Azure.Core;
using Azure.Core.Pipeline;

namespace TrustMesh.Orleans.Settings;

/// <summary>
/// A silo asks for its container once, when it starts, and asking twice does no harm: a storage that is busy with the silos that are there is waited for, as a start that gives up
/// only begins anew. Whoever has somebody to answer keeps the short deadline.
/// </summary>
internal sealed class ContainerPatience : HttpPipelineSynchronousPolicy
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Uri.Query.Contains("restype=container", StringComparison.Ordinal)) message.NetworkTimeout = Patience;
    }
}
