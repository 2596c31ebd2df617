using System.Globalization;

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

    /// <summary>Milliseconds in words: how long something took.</summary>
    public static string Milliseconds(long milliseconds) => milliseconds switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:N0} ms"),
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 60_000:N0} min"),
    };
}
