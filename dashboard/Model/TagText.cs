using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Tags as somebody types them.</summary>
public static class TagText
{
    /// <summary>Why that cannot be the tags of a device; null if it can.</summary>
    public static string? Wrong(string text)
    {
        var tags = DeviceTags.Split(text);
        return tags.FirstOrDefault(tag => !DeviceTags.IsTag(tag)) is { } wrong ? $"\"{NameText.Plain(wrong)}\" is no tag. {DeviceTags.Rule}"
            : tags.Count > DeviceTags.Most ? $"These are {tags.Count} tags; a device has at most {DeviceTags.Most}." : null;
    }

    /// <summary>From the tags somebody saw to those they typed.</summary>
    public static TagEdit Edit(IReadOnlyList<string> before, string text, string? reason)
    {
        var after = DeviceTags.Split(text);
        return new([.. after.Except(before, StringComparer.Ordinal)], [.. before.Except(after, StringComparer.Ordinal)], string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
    }
}
