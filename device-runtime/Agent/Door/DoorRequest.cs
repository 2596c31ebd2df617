namespace TrustMesh.Agent.Door;

/// <summary>One line of an application: exactly one member. DOOR.md.</summary>
internal sealed record DoorRequest(string? Ask = null, string? Show = null, bool? List = null, bool? Subscribe = null, string? Examine = null, bool? Status = null)
{
    /// <summary>Bytes of a line without its end.</summary>
    public const int LongestLine = 4096;

    /// <summary>Characters of what is asked for; no name, id or address is longer.</summary>
    private const int LongestText = 255;

    /// <summary>Null for a request that says one thing; else what is wrong with it.</summary>
    public string? Problem()
    {
        object?[] members = [Ask, Show, List, Subscribe, Examine, Status];
        if (members.Count(member => member is not null) != 1) return "A line asks exactly one of: ask, show, list, subscribe, examine, status.";
        if (List == false || Subscribe == false || Status == false) return "\"list\", \"subscribe\" and \"status\" take true.";
        return (Ask ?? Show ?? Examine) is not { } text || (text.Length is > 0 and <= LongestText && !Wire.Grammar.HasControl(text)) ? null
            : $"\"ask\", \"show\" and \"examine\" take 1 to {LongestText} characters, none of them a control character.";
    }
}
