namespace TrustMesh.Dashboard.Model;

/// <summary>
/// Tells where a person went from where a page went for them, as its query is in the URL: a navigation of the page's own arrives late, when the person may have
/// typed on, and a page is set again without having gone anywhere. Neither may put back what was typed.
/// </summary>
public sealed class OwnUrls
{
    private readonly List<string> _going = [];
    private string? _at;

    /// <summary>The page goes there by itself.</summary>
    public void Go(string url) => _going.Add(url);

    /// <summary>The page is at that URL now. True if the person brought it there: then the URL says what is shown.</summary>
    public bool Arrived(string url)
    {
        if (url == _at)
            return false;
        _at = url;
        var own = _going.IndexOf(url);
        if (own >= 0)
            _going.RemoveRange(0, own + 1);
        else
            _going.Clear();
        return own < 0;
    }
}
