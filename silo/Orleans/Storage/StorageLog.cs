using Microsoft.Extensions.Logging;

namespace TrustMesh.Orleans.Storage;

/// <summary>What the stores log. Never a row's content (attack A47).</summary>
internal sealed partial class StorageLog(ILogger<StorageLog> logger)
{
    [LoggerMessage(400, LogLevel.Error, "The stored {kind} row {id} is unreadable and isolated: {why}. {remedy}")]
    public partial void Unreadable(string kind, string id, string why, string remedy);
}
