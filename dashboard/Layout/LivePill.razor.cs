using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Feed;

namespace TrustMesh.Dashboard.Layout;

/// <summary>Says whether what is on the page is true now; old data never looks live.</summary>
public partial class LivePill : ComponentBase
{
    private FeedState _shown;
    private DateTimeOffset? _retry;

    [Inject]
    public required LiveFeed Feed { get; init; }

    private string Kind => Feed.State switch
    {
        FeedState.Live => "live",
        FeedState.Connecting => "connecting",
        _ => "cut",
    };

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    public void Dispose() => Feed.Changed -= OnChanged;

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (_shown == Feed.State && _retry == Feed.RetryAt)
            return;
        (_shown, _retry) = (Feed.State, Feed.RetryAt);
        StateHasChanged();
    }
}
