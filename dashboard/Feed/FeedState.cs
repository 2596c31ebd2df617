namespace TrustMesh.Dashboard.Feed;

/// <summary>Whether what is shown is true now.</summary>
public enum FeedState
{
    /// <summary>No snapshot yet.</summary>
    Connecting,
    Live,
    /// <summary>Cut; what is shown is from before.</summary>
    Reconnecting,
    /// <summary>The session is over.</summary>
    Ended,
}
