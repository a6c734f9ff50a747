// What a page does with the element: gives it a link, moves it, and hears where it stands.

/** The tutorial's run. */
const LINK =
  "y1.run.1003.7Zttb6JAEMe_yqa5pLnUKIpHaZO7BpSqJ4JV1GLuRSmKiAjV5UG89Lvf7oJWrb2czWnvEt5K4g7s7H9mfjObFntpsZcWe2mx945ij4MTlHybGzBylX4DN0A5jgZmWB0AzqawCkKAE0YboByAKDXAcC-7Lgr_naLxkPKPZigqc1TOmpyOzB_x1js8p5_c9qtBnDrOI8_ERHXsoMzL1Sc32_SU_PvekevTcNVTYdHEvt1ne_zmLWqqIE938dcCY7j-mtmNWyc7NHV7wZX571pQ1xzUl0G1LDBIi-k3qyYMN4USJ4ISIlJgIoIvvZf14DB68wF59qKDmgNDtKHbbY8UTvxFOJFSiL0UIpcDeOx1Pbeqa3N825W4ZzwzjkiDlnTZTNQ8jiM2BhK40Iv9NntkmEGC0XUsehmg7JkePwx3xGkCjn74NYlgY6vOMvES-LushnLJDzdZFJeQO3kR-Iankj-vxfpozET2PdloY8s2om_CTx5kx46wHeBpPMRQU0P9YHtoIDf69JMYvLb3GaDtScIFig8PmV32sjWFfEIUgyIlebs4RiF7Xlv2ets44m2oFt3WybMU5xyKc_4riLP_tCJdSAy_Bud77T4Hzx_Cf9qG3WGnQ9ml1YnIMYLsi4MOHbRHimBVrVKpSY1q5r0cKXXFWlKjyGMvByVdhP3WginL_Qo7pnTv0tcnNttbfJ96Q7FaW1KWX5Dv-FbYMLtdiX4cUnz9CmUslX4jLOlPdEuH3FTlWirdKwbdO7pw5UPaMe4Dq3pr8vKMVZt2WRaKpuFKUMw3-S_QtfLlkTgoLHmGGchCLoBtpT-eONGCpTqPUpSHeoM37tvMqKIWFIv2ch1n4eQsrjutNZjL3JCltUJrrhRbJaXYk_N1v6xZkhLWA1v1m16PteaLsE-HoaVdSQojCNUm7TKBIF1IS-iZF7K39GZ5jq93by3X1KuVp4b6dQeeJTLx44ycpQ9CaW_ozuGErYDMoFeI7Rc478d9718";

const frame = document.getElementById("run");
frame.addEventListener("stepyard-moment", ({ detail: { step, furthest, caption } }) => {
  document.getElementById("moment").textContent = `Event ${step} of ${furthest}: ${caption}`;
});
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => frame[button.dataset.do]());
}
for (const each of document.querySelectorAll("stepyard-embed")) each.setAttribute("link", LINK);
