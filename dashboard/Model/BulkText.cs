namespace TrustMesh.Dashboard.Model;

/// <summary>Words for decisions about many devices.</summary>
public static class BulkText
{
    /// <param name="act">approve or reject.</param>
    public static string Past(string act) => act == "reject" ? "rejected" : "approved";

    public static string Outcome(string outcome) => outcome switch
    {
        "done" => "done",
        "would" => "ready",
        "already" => "already so",
        "changed" => "changed meanwhile",
        "refused" => "does not wait",
        "forbidden" => "not yours",
        "unknown" => "gone",
        _ => "failed",
    };
}
