namespace TrustMesh.Dashboard.Model;

/// <summary>Whole seconds in words.</summary>
public static class Spans
{
    public static string Text(int seconds) => seconds switch
    {
        < 120 => $"{seconds} s",
        < 7200 when seconds % 60 == 0 => $"{seconds / 60} min",
        < 172_800 when seconds % 3600 == 0 => $"{seconds / 3600} h",
        _ when seconds % 86_400 == 0 => $"{seconds / 86_400} d",
        _ => $"{seconds:N0} s",
    };
}
