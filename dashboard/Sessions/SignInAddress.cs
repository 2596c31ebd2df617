namespace TrustMesh.Dashboard.Sessions;

/// <summary>Addresses of the sign-in page. A token or code is never part of one (A47).</summary>
public static class SignInAddress
{
    /// <param name="reason">ended, signed-out, signed-out-here (and not at the provider), provider-failed, provider-refused, or null.</param>
    /// <param name="back">Where to go afterwards.</param>
    public static string To(string? reason, string? back)
    {
        var query = new List<string>();
        if (reason is not null)
            query.Add($"reason={Uri.EscapeDataString(reason)}");
        if (Local(back) is var target and not "/")
            query.Add($"back={Uri.EscapeDataString(target)}");
        return query.Count == 0 ? "/sign-in" : $"/sign-in?{string.Join('&', query)}";
    }

    /// <summary>A path of this dashboard, or "/": a link to the sign-in page must not send anyone to another site.</summary>
    public static string Local(string? back)
    {
        if (back is not ['/', .. var rest] || back.Length > 512 || back.StartsWith("/sign-", StringComparison.Ordinal))
            return "/";
        return rest.StartsWith('/') || back.AsSpan().ContainsAny('\\', '\r', '\n') || back.Any(char.IsControl) ? "/" : back;
    }
}
